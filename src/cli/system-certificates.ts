import { readSmallFile } from "../config/small-file.js";
import type { Io } from "./io.js";

/** As Go looks for them. @see https://go.dev/src/crypto/x509/root_linux.go */
const places = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Arch
  "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL
  "/etc/ssl/ca-bundle.pem", // openSUSE
  "/etc/ssl/cert.pem", // Alpine, FreeBSD, macOS
];

/** What programs on this system trust, PEM: the file that a variable names, of which the original knows the first two. */
export function systemCertificates({
  REQUESTS_CA_BUNDLE,
  CURL_CA_BUNDLE,
  SSL_CERT_FILE,
}: Io["env"]): string | undefined {
  for (const path of [REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE, ...places]) {
    if (!path) continue;
    try {
      return readSmallFile(path).text;
    } catch {
      continue; // the error that made us look says what is missing
    }
  }
  return undefined;
}
