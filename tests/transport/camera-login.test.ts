/** What a camera that wants a login makes us say: which setting to fill, whatever is missing. */
import { expect, test } from "vitest";
import { CameraLogin } from "../../src/transport/camera-login.ts";

const DIGEST = 'Digest realm="camera", nonce="1a"';
const BASIC = 'Basic realm="camera"';
const WHOLE = { username: "kordon", password: "secret" };
const NONE = "asks for a login and has none: give its username and passwordFile in the site file";

test.each([
    ["nothing to log in with", undefined, DIGEST, 0, NONE],
    ["nothing, and the camera knows basic only", undefined, BASIC, 0, NONE],
    ["a first answer is worth it", WHOLE, DIGEST, 0, undefined],
    [
        "a wrong password",
        WHOLE,
        DIGEST,
        1,
        "refuses user name or password: look at username and what is in passwordFile",
    ],
    [
        "an empty password file",
        { ...WHOLE, password: "" },
        DIGEST,
        1,
        "refuses kordon without a password: put it into the file that passwordFile names",
    ],
    ["basic only", WHOLE, BASIC, 0, "asks for a login that is not digest: switch digest on in the camera"],
    ["a nonce that grew old", WHOLE, `${DIGEST}, stale=true`, 2, undefined],
])("%s", (_name, credentials, challenge, tries, refusal) => {
    expect(new CameraLogin(credentials).refusalOf(challenge, tries)).toBe(refusal);
});
