/**
 * Runs a program of the tests with what it was called with, and ends with the exit code it answers. Options that cannot be read are
 * told on standard error, with exit code 2.
 */
export async function runProgram<Options>(
  readOptions: (args: readonly string[]) => Options,
  run: (options: Options) => Promise<number>,
): Promise<void> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
    return;
  }
  process.exitCode = await run(options);
}
