/** An authority of our own with a certificate for a broker on the loopback and one for a box, made by openssl; and a stranger's. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificates {
    readonly folder: string;
    readonly ca: Buffer;
    readonly box: { readonly cert: Buffer; readonly key: Buffer };
    /** Signed by an authority that the broker does not know. */
    readonly stranger: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };
}

/** Undefined where there is no openssl. */
export function makeCertificates(commonName: string): Certificates | undefined {
    const folder = mkdtempSync(join(tmpdir(), "kordon-tls-"));
    const openssl = (...args: string[]): void => {
        execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
    };
    const authority = (name: string): void =>
        openssl(
            "req",
            "-x509",
            ...KEY,
            "-keyout",
            `${name}.key`,
            "-out",
            `${name}.crt`,
            "-subj",
            `/CN=${name}`,
            ...DAYS,
        );
    const signed = (name: string, by: string, subject: string, extension: string): void => {
        writeFileSync(join(folder, `${name}.ext`), extension);
        openssl("req", ...KEY, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", subject);
        const authorityOf = ["-CA", `${by}.crt`, "-CAkey", `${by}.key`, "-CAcreateserial"];
        const files = ["-in", `${name}.csr`, "-out", `${name}.crt`, "-extfile", `${name}.ext`];
        openssl("x509", "-req", ...files, ...authorityOf, ...DAYS);
    };
    try {
        openssl("version");
    } catch {
        return undefined;
    }
    authority("ca");
    authority("strange-ca");
    signed("broker", "ca", "/CN=localhost", "subjectAltName=IP:127.0.0.1\n");
    signed("box", "ca", `/CN=${commonName}`, "extendedKeyUsage=clientAuth\n");
    signed("stranger", "strange-ca", `/CN=${commonName}`, "extendedKeyUsage=clientAuth\n");
    const read = (name: string): Buffer => readFileSync(join(folder, name));
    return {
        folder,
        ca: read("ca.crt"),
        box: { cert: read("box.crt"), key: read("box.key") },
        stranger: { ca: read("strange-ca.crt"), cert: read("stranger.crt"), key: read("stranger.key") },
    };
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const DAYS = ["-days", "2"];
