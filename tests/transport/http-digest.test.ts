/** Digest authentication against the examples of RFC 7616 and RFC 2617, and against headers that cannot be answered. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerChallenge, parseChallenge } from "../../src/transport/http-digest.ts";

const RFC_7616 =
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, ' +
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", ' +
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, ' +
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const REQUEST = {
    method: "GET",
    uri: "/dir/index.html",
    count: 1,
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};
const MUFASA = { username: "Mufasa", password: "Circle of Life" };

function answer(header: string, credentials = MUFASA, request = REQUEST): string {
    const challenge = parseChallenge(header) ?? expect.unreachable("no challenge");
    return answerChallenge(challenge, credentials, request);
}

describe("the RFCs' own examples", () => {
    test("RFC 7616, SHA-256", () => {
        expect(answer(RFC_7616)).toContain(
            'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
        );
    });

    test("RFC 7616, MD5", () => {
        expect(answer(RFC_7616.slice(RFC_7616.lastIndexOf("Digest")))).toContain(
            'response="8ca523f5e9506fed4657c9700eebdbec"',
        );
    });

    test("RFC 2617", () => {
        const header =
            'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc"';
        const said = answer(
            header,
            { username: "Mufasa", password: "Circle Of Life" },
            { ...REQUEST, cnonce: "0a4f113b" },
        );
        expect(said).toContain('response="6629fae49393a05397450978507c4ef1"');
        expect(said).toContain("nc=00000001");
    });

    test("without qop, as in RFC 2069 (erratum 749)", () => {
        const header = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
        const said = answer(header, { username: "Mufasa", password: "CircleOfLife" });
        expect(said).toContain('response="1949323746fe6a43ef61f9606e7febea"');
        expect(said).not.toContain("cnonce");
    });
});

test.each([
    ["nothing", ""],
    ["basic only", 'Basic realm="camera"'],
    ["an unknown algorithm", 'Digest realm="a", nonce="b", algorithm=SHA-512-256'],
    ["qop that is not auth", 'Digest realm="a", nonce="b", qop="auth-int"'],
    ["no nonce", 'Digest realm="a"'],
    ["rubbish", 'Digest =,,,"""'],
])("%s cannot be answered", (_name, header) => {
    expect(parseChallenge(header)).toBeUndefined();
});

test("digest is taken beside basic, and quoted characters keep their meaning", () => {
    expect(parseChallenge('Basic realm="old", Digest realm="a \\"b\\"", nonce="n"')).toMatchObject({
        realm: 'a "b"',
        nonce: "n",
    });
    expect(answer('Digest realm="a \\"b\\"", nonce="n"')).toContain('realm="a \\"b\\""');
});

test("whatever a camera says, it is answered or not, and nothing is thrown", () => {
    const piece = fc.oneof(
        fc.string(),
        fc.constantFrom("Digest ", "Basic ", 'realm="', "nonce=", 'qop="auth"', '\\"', ", ", "="),
    );
    fc.assert(
        fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
            const challenge = parseChallenge(pieces.join(""));
            if (challenge !== undefined)
                expect(answerChallenge(challenge, MUFASA, REQUEST)).toMatch(/^Digest username="Mufasa", realm="/);
        }),
        { numRuns: 20_000 },
    );
});
