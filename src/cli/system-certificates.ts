import { readSmallFile } from "../config/small-file.js";
import type { Context } from "./context.js";
import { messageOf } from "./errors.js";

/** As Go looks for them. @see https://go.dev/src/crypto/x509/root_linux.go */
const places = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Arch
  "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL
  "/etc/ssl/ca-bundle.pem", // openSUSE
  "/etc/ssl/cert.pem", // Alpine, FreeBSD, macOS
];

/** Of which the first counts, as in the original; it does not know the third. */
const variables = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"];

/**
 * What programs on this system trust, PEM, one certificate in each text: TLS leaves out what follows a broken one. Node
 * before 22.15 does not tell what NODE_EXTRA_CA_CERTS adds.
 */
export function systemCertificates(ctx: Context): string[] {
  const { env } = ctx.io;
  const named = variables.find((name) => env[name]);
  const bundle = named === undefined ? firstReadable() : readNamed(ctx, named);
  return `${readNamed(ctx, "NODE_EXTRA_CA_CERTS")}\n${bundle}`.split(/(?=^-----BEGIN )/m);
}

function readNamed(ctx: Context, name: string): string {
  const path = ctx.io.env[name];
  if (!path) return "";
  try {
    return readSmallFile(path).text;
  } catch (error) {
    ctx.warning(`${name}: ${path}: ${messageOf(error)}`);
    return "";
  }
}

function firstReadable(): string {
  for (const path of places) {
    try {
      return readSmallFile(path).text;
    } catch {
      continue; // another system's
    }
  }
  return "";
}
