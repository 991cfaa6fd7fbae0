import { writeFile } from 'node:fs/promises';
import { generatedDocs } from './generated-docs.ts';

// Writes the generated documents: `npm run docs`. A test fails when they are not what this would write.
for (const [path, text] of await generatedDocs()) await writeFile(new URL(`../${path}`, import.meta.url), text);
