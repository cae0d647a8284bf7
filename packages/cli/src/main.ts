#!/usr/bin/env node
import process from 'node:process';
import { runCli } from './run-cli.ts';
import { createTerminal } from './terminal.ts';

// Whoever reads the result may stop early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), createTerminal(process, process.env));
