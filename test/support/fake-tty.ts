/**
 * Preloaded into a process by `--import`: its pipes say that they are a terminal, so that a test can type into it
 * wherever it runs.
 */
for (const stream of [process.stdin, process.stdout]) stream.isTTY = true;
process.stdin.setRawMode = () => process.stdin;
