// Reads the code blocks of docs/embedding.md; each has its name in a comment before it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../browser/harness.mjs';

/**
 * @param {string} origin of the proxy, which replaces the document's @returns {Promise<{blocks: Map<string, string>, unnamed: string[]}>}
 */
export async function embeddingBlocks(origin) {
  const text = await readFile(join(repository, 'docs/embedding.md'), 'utf8');
  const blocks = new Map();
  const unnamed = [];
  for (const [, name, content] of text.matchAll(/(?:<!-- block: ([\w-]+) -->\n)?^```\w*\n([\s\S]*?)^```$/gm)) {
    if (name && !blocks.has(name)) blocks.set(name, content.replaceAll('https://slots.example.com', origin));
    else unnamed.push(content);
  }
  return { blocks, unnamed };
}
