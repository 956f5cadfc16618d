import * as x509 from "@peculiar/x509";

const nameConstraintsOid = "2.5.29.30";
const tags = { sequence: 0x30, permittedSubtrees: 0xa0, excludedSubtrees: 0xa1, ipAddress: 0x87 } as const;

/** An address and a mask of zeros: each IPv4, each IPv6 address. */
const everyAddress = [element(tags.ipAddress, Buffer.alloc(8)), element(tags.ipAddress, Buffer.alloc(32))];

/**
 * The critical name constraints extension (RFC 5280, 4.2.1.10; the X.509 library has no class for it): only these DNS
 * names and what is below them, and no IP address at all, since a kind of name that is not mentioned would be free.
 */
export function nameConstraints(dnsNames: readonly string[]): x509.Extension {
  const permitted = dnsNames.map((name) => Buffer.from(new x509.GeneralName("dns", name).rawData));
  const subtrees = (names: readonly Buffer[]) => Buffer.concat(names.map((name) => element(tags.sequence, name)));
  const content = Buffer.concat([
    element(tags.permittedSubtrees, subtrees(permitted)),
    element(tags.excludedSubtrees, subtrees(everyAddress)),
  ]);
  return new x509.Extension(nameConstraintsOid, true, element(tags.sequence, content));
}

/** A DER element: tag, length, content (shorter than 64 KiB). */
function element(tag: number, content: Buffer): Buffer {
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
