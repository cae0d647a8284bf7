import { parseSync, Visitor } from 'oxc-parser';
import { type DescribedError, escapeCell, readErrorTables } from './error-reference.ts';
import { type Module, packageNames, readModules } from './modules.ts';

/** The kinds of evidence by the folder of their tables, in the order of the document. */
const KINDS: readonly (readonly [folder: string, title: string])[] = [
  ['src', 'What all evidence shares'],
  ['src/tdx', 'Intel TDX'],
  ['src/snp', 'AMD SEV-SNP'],
  ['src/nvidia', 'NVIDIA GPUs'],
  ['src/rim', 'NVIDIA reference manifests'],
];

const INTRO = `# Evidence codes

Generated from the tables in the source by \`npx -y pnpm@12 write-docs\`; change them there. A verdict lists every check by its id with pass, fail or skip; a
refusal has the code of the first check that failed, and \`subject\` is that check's id. What a code means and what to do about it:
`;

/** The names in the lists of checks of a file: constants whose names end in CHECK_IDS. */
function readCheckIds({ path, source }: Pick<Module, 'path' | 'source'>): readonly string[] {
  const found: string[] = [];
  const visitor = new Visitor({
    VariableDeclarator({ id, init }) {
      if (id.type !== 'Identifier' || !id.name.endsWith('CHECK_IDS')) return;
      const list = init?.type === 'TSAsExpression' ? init.expression : init;
      if (list?.type !== 'ArrayExpression') return;
      for (const item of list.elements)
        if (item?.type === 'Literal' && typeof item.value === 'string') found.push(item.value);
    },
  });
  visitor.visit(parseSync(path, source).program);
  return found;
}

function renderRow({ code, message, fix }: DescribedError): string {
  return `| \`${code}\` | ${escapeCell(message)} | ${escapeCell(fix)} |`;
}

function renderKind(title: string, modules: readonly Module[]): string {
  const checks = [...new Set(modules.flatMap(readCheckIds))];
  const errors = modules.flatMap((module) => readErrorTables(module).errors);
  const list = checks.length === 0 ? '' : `Checks, in their order: ${checks.map((id) => `\`${id}\``).join(', ')}.\n\n`;
  return `## ${title}\n\n${list}| code | meaning | fix |\n|---|---|---|\n${errors.map(renderRow).join('\n')}\n`;
}

/** docs/reference/evidence-codes.md as it should be; `undefined` in a repository without that package. */
export function renderEvidenceReference(root: string): string | undefined {
  if (!packageNames(root).includes('evidence')) return undefined;
  const modules = readModules(root, 'evidence').filter(({ test }) => !test);
  const sections = KINDS.map(([folder, title]) => {
    const files = new Set(['errors', 'checks', 'catalogue'].map((name) => `packages/evidence/${folder}/${name}.ts`));
    return renderKind(
      title,
      modules.filter(({ path }) => files.has(path)),
    );
  });
  return `${INTRO}\n${sections.join('\n')}`;
}
