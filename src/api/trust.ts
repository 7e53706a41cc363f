import * as tls from "node:tls";

export interface TrustOptions {
  /** Certificates that are trusted beside those that Node brings, PEM. */
  ca?: string | undefined;
  /**
   * More of them, such as the system's, one in each text. Asked for once a server shows a certificate that the others do
   * not vouch for: they are many, and take 60 ms to read.
   */
  furtherCa?: (() => Promise<readonly string[]>) | undefined;
  /** Whether certificates are checked; for this connection only, never for the process. Default true. */
  verifyTls?: boolean | undefined;
}

interface TlsOptions {
  rejectUnauthorized: boolean;
  ca?: string[];
}

/** Whose certificates are good enough. */
export class Trust {
  readonly #furtherCa: () => Promise<readonly string[]>;
  #options: TlsOptions;

  constructor({ ca, furtherCa, verifyTls = true }: TrustOptions) {
    this.#furtherCa = furtherCa ?? (() => Promise.resolve([]));
    this.#options = { rejectUnauthorized: verifyTls, ...(ca === undefined ? {} : { ca: [...ofNode(), ca] }) };
  }

  /** For TLS; another object once more is trusted. */
  get options(): TlsOptions {
    return this.#options;
  }

  /** Trusts the further certificates from here on. */
  async widen(): Promise<void> {
    const further = await this.#furtherCa();
    if (further.length > 0) this.#options = { ...this.#options, ca: [...(this.#options.ca ?? ofNode()), ...further] };
  }
}

/** Whether a server was left before the first byte of a request, because nobody who is trusted vouches for it. */
export function isUntrusted(code: string): boolean {
  return /^(UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/.test(
    code,
  );
}

/** What Node trusts by default; with `ca` given, TLS would trust that alone. */
function ofNode(): readonly string[] {
  const newer: object = tls;
  return tellsDefaults(newer) ? newer.getCACertificates("default") : tls.rootCertificates;
}

/** Since Node 22.15, and then with what `NODE_EXTRA_CA_CERTS` and `--use-system-ca` add. */
function tellsDefaults(module: object): module is { getCACertificates(type: "default"): readonly string[] } {
  return "getCACertificates" in module && typeof module.getCACertificates === "function";
}
