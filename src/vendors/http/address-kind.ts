import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * What an IP address leads to. `forbidden` are those where no vendor can be: link-local ones and others at which clouds
 * hand out credentials, multicast, and what means "this machine" without being loopback.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'forbidden';

/** Source: the special-purpose address registries of RFC 6890, and the clouds' pages on instance metadata. */
const ranges: { readonly [Kind in Exclude<AddressKind, 'public'>]: readonly string[] } = {
  loopback: ['127.0.0.0/8', '::1/128'],
  forbidden: [
    ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '224.0.0.0/4', '240.0.0.0/4'],
    ...['::/128', 'fe80::/10', 'ff00::/8', '2001::/32'],
    // Metadata of AWS and Google over IPv6, of Azure, of Alibaba.
    ...['fd00:ec2::/32', 'fd20:ce::/64', '168.63.129.16/32', '100.100.100.200/32'],
  ],
  private: [
    ...['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'],
    ...['fc00::/7', 'fec0::/10', '64:ff9b:1::/48'],
  ],
};

// The narrower ranges of metadata lie within private ones and come first.
const lists = (['loopback', 'forbidden', 'private'] as const).map((kind) => ({ kind, list: listOf(ranges[kind]) }));

/** What an IP address leads to; an IPv6 address that carries an IPv4 one leads where that one does. */
export function kindOfAddress(address: string): AddressKind {
  const [bare = ''] = address.split('%');
  if (isIP(bare) === 0) return 'forbidden';
  const family = isIPv4(bare) ? 'ipv4' : 'ipv6';
  const found = lists.find(({ list }) => list.check(bare, family));
  if (found !== undefined) return found.kind;
  const carried = family === 'ipv6' ? carriedAddress(bare) : undefined;
  return carried === undefined ? 'public' : kindOfAddress(carried);
}

/** Mapped (`::ffff:a.b.c.d`), translated (NAT64), compatible (`::a.b.c.d`) and 6to4 addresses. */
function carriedAddress(address: string): string | undefined {
  const groups = groupsOf(address);
  const [first = 0, second = 0, third = 0] = groups;
  if (first === 0x2002) return toIpv4(second, third);
  const isTranslated = first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0);
  const isMapped = groups.slice(0, 4).every((group) => group === 0);
  return isTranslated || isMapped ? toIpv4(groups[6] ?? 0, groups[7] ?? 0) : undefined;
}

/** Its eight numbers, after the URL parser has brought every spelling into one. */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const before = numbersOf(head);
  const after = numbersOf(tail ?? '');
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function numbersOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function toIpv4(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', bits] = subnet.split('/');
    list.addSubnet(net, Number(bits), isIPv4(net) ? 'ipv4' : 'ipv6');
  }
  return list;
}
