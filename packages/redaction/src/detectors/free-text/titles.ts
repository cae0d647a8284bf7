/** Words before a name that say so, in lower case: titles, forms of address and offices of several languages. */
export const TITLES: readonly string[] = (
  'mr mrs ms miss mx dr drs dra prof professor sr sra srta herr frau madame monsieur mme sig signor signora pt mgr rev sir ' +
  'captain sergeant nurse judge senator officer detective'
).split(' ');
