/** How many bytes a run prints, without what is printed for debugging. Nothing of it reaches the terminal. */
export async function countPrinted(run: () => Promise<void>): Promise<number> {
  let bytes = 0;
  const write = process.stdout.write;
  process.stdout.write = ((chunk: string | Uint8Array) => {
    const text = chunk.toString();
    if (!text.includes('"level":"DEBUG"')) bytes += Buffer.byteLength(text);
    return true;
  }) as typeof write;
  try {
    await run();
  } finally {
    process.stdout.write = write;
  }
  return bytes;
}
