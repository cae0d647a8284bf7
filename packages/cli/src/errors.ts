import { type CloisterError, createErrors, type ErrorOccurrence } from '@cloister/core';

/** What the command line itself can refuse. */
export type CliErrorCode =
  | 'ERR_CLI_COMMAND_UNKNOWN'
  | 'ERR_CLI_OPERAND_MISSING'
  | 'ERR_CLI_OPERAND_EXTRA'
  | 'ERR_CLI_OPERAND_VALUE'
  | 'ERR_CLI_OPTION_UNKNOWN'
  | 'ERR_CLI_OPTION_MISSING'
  | 'ERR_CLI_OPTION_REPEATED'
  | 'ERR_CLI_OPTION_VALUE'
  | 'ERR_CLI_OPTION_EXCLUSIVE'
  | 'ERR_CLI_FILE_UNREADABLE'
  | 'ERR_CLI_FILE_UNWRITABLE'
  | 'ERR_CLI_FILE_ENCODING'
  | 'ERR_CLI_JSONL_LINE'
  | 'ERR_CLI_KEY_FILE'
  | 'ERR_CLI_FILE_TOO_LARGE'
  | 'ERR_CLI_FILE_SYNTAX'
  | 'ERR_CLI_TIME_INVALID'
  | 'ERR_CLI_ROOTS_INVALID'
  | 'ERR_CLI_EVIDENCE_UNRECOGNISED'
  | 'ERR_CLI_EVIDENCE_UNSUPPORTED'
  | 'ERR_CLI_POLICY_WITHOUT_USE'
  | 'ERR_CLI_RECEIPT_FILE'
  | 'ERR_CLI_RECEIPT_SUBJECT'
  | 'ERR_CLI_CONFIG_INVALID';

/** Makes an error of this package. Subjects are what the operator typed. */
export const cliError: (code: CliErrorCode, occurrence?: ErrorOccurrence) => CloisterError<CliErrorCode> =
  createErrors<CliErrorCode>({
    ERR_CLI_COMMAND_UNKNOWN: {
      message: 'There is no such command.',
      fix: 'Run cloister --help: it lists the commands.',
    },
    ERR_CLI_OPERAND_MISSING: {
      message: 'The command needs one more operand.',
      fix: 'Give it after the name of the command; --help says what it is.',
    },
    ERR_CLI_OPERAND_EXTRA: {
      message: 'The command takes fewer operands than were given.',
      fix: 'Put names with spaces in quotes, and give options with their dashes.',
    },
    ERR_CLI_OPERAND_VALUE: {
      message: 'An operand is not what the command takes.',
      fix: 'Run the command with --help: it says what the operand is.',
    },
    ERR_CLI_OPTION_UNKNOWN: {
      message: 'The command has no such option.',
      fix: 'Run the command with --help: it lists the options.',
    },
    ERR_CLI_OPTION_MISSING: {
      message: 'An option is missing that is needed here.',
      fix: 'Run the command with --help: it says what the option is.',
    },
    ERR_CLI_OPTION_REPEATED: {
      message: 'An option is given more than once.',
      fix: 'Give it once, so that nobody has to guess which one counts.',
    },
    ERR_CLI_OPTION_EXCLUSIVE: {
      message: 'An option goes against another one that is given.',
      fix: 'Give one of the two.',
    },
    ERR_CLI_OPTION_VALUE: {
      message: "An option's value is missing, or is none that the option takes.",
      fix: 'Run the command with --help: it says what the value is; a switch takes none.',
    },
    ERR_CLI_FILE_UNREADABLE: {
      message: 'A file cannot be read.',
      fix: 'Check its name and permissions; - stands for standard input.',
    },
    ERR_CLI_FILE_UNWRITABLE: {
      message: 'A file cannot be written.',
      fix: 'Check that its folder exists and may be written to.',
    },
    ERR_CLI_FILE_ENCODING: {
      message: 'A text is not UTF-8.',
      fix: 'Convert it first, for example with iconv: bytes that are no text cannot be searched.',
    },
    ERR_CLI_JSONL_LINE: {
      message: 'A line is no JSON.',
      fix: 'Look at the line that detail names; repeated names and numbers beyond 2^53 are refused, too.',
    },
    ERR_CLI_KEY_FILE: {
      message: 'A key file does not hold 32 bytes.',
      fix: 'Make one with: head -c 32 /dev/urandom > vault.key; 64 hexadecimal digits do as well.',
    },
    ERR_CLI_FILE_TOO_LARGE: {
      message: 'A file is larger than anything this command reads.',
      fix: 'Check that it is the right file; what is larger than 16 MiB goes in pieces.',
    },
    ERR_CLI_FILE_SYNTAX: {
      message: 'A file is neither JSON nor YAML as it should be.',
      fix: 'Look for repeated keys, tabs and bad quotes at the place that detail names.',
    },
    ERR_CLI_TIME_INVALID: {
      message: 'A time is not understood.',
      fix: 'Write it in UTC, like 2026-01-31T12:00:00Z.',
    },
    ERR_CLI_ROOTS_INVALID: {
      message: 'The roots file holds no certificate.',
      fix: 'Give PEM certificates, or the policy file that the simulated gateway writes.',
    },
    ERR_CLI_EVIDENCE_UNRECOGNISED: {
      message: 'The file is no evidence of a known kind.',
      fix: 'Give a quote or report in binary, hex or base64, or an evidence bundle in JSON.',
    },
    ERR_CLI_EVIDENCE_UNSUPPORTED: {
      message: 'This kind of evidence is recognised, and this version does not judge it.',
      fix: 'Do not read this as acceptance; use a version that judges it.',
    },
    ERR_CLI_POLICY_WITHOUT_USE: {
      message: 'The policy demands what this file cannot show.',
      fix: 'Give the evidence bundle of the gateway instead of a bare quote, or attest the gateway itself.',
    },
    ERR_CLI_RECEIPT_FILE: {
      message: 'The receipt file does not have the expected members.',
      fix: 'Run cloister verify receipt --help for its form.',
    },
    ERR_CLI_RECEIPT_SUBJECT: {
      message: 'The receipt is genuine and not about this evidence.',
      fix: 'Give the evidence that the client verified before this answer; if it is that, do not rely on the answer.',
    },
    ERR_CLI_CONFIG_INVALID: {
      message: 'The configuration file of the gateway is not valid.',
      fix: 'Compare the named member with cloister gateway --help; unknown members are refused.',
    },
  });
