/**
 * Preloaded into a process by `--import`. Makes its pipes claim to be a terminal, so that a test can type into it
 * anywhere.
 */
for (const stream of [process.stdin, process.stdout]) stream.isTTY = true;
process.stdin.setRawMode = () => process.stdin;
