/** Where the links, pictures and sources of a page lead, as they are written. */
export function linksOf(text: string): readonly string[] {
  const prose = withoutCode(text).replaceAll(/`[^`\n]*`/g, '``');
  const inText = Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link);
  const inTags = Array.from(prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g), ([, link = '']) => link);
  return [...inText, ...inTags];
}

/** What can stand behind the `#` of a link to a page: its headings as GitHub spells them, and ids of its own. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const prose = withoutCode(text);
  const ofHeadings = Array.from(prose.matchAll(/^#{1,6} (.+)$/gm), ([, heading = '']) => {
    const slug = slugOf(heading);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set([...ofHeadings, ...Array.from(prose.matchAll(/\bid="([^"]+)"/g), ([, id = '']) => id)]);
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,})[^\n]*\n.*?^\1$/gms, '');
}
