package dev.reseat.runtime;

import java.util.List;

/**
 * Which names stand before a secret. A name is judged by its end, separators and case left aside:
 * {@code auth_password}, {@code X-Auth-Token} and {@code node.session.auth.password} are secret; {@code secret_uuid},
 * {@code key_size}, {@code auth_username} and {@code password_file} only speak about one.
 */
public final class SecretName {
    private static final int LOOKED_AT = 100;
    private static final int SHORTEST = 2;

    /** The ends of names that oslo.utils knows, and those of storage protocols, their tools and HTTP. */
    private static final List<String> ENDS = List.of(
            "password", "passwords", "passwordin", "passwordhash", "passwordvalue", "passwd", "passphrase", "passcode",
            "adminpass", "newpass", "syspswd", "secret", "secrets", "secretvalue", "token", "tokens", "tokenid",
            "keyring", "keyrings", "credential", "credentials", "configdrive", "authorization", "providerauth", "psk",
            "dhchap", "cookie", "authkey", "cephxkey", "encryptionkey", "decryptionkey", "encryptedkey", "privatekey",
            "accesskey", "secretkey", "apikey", "sslkey", "tlskey", "sshkey", "fernetkey", "sharedkey", "masterkey",
            "clientkey", "adminkey", "userkey", "sessionkey", "signingkey", "hmackey", "lukskey", "cryptkey",
            "volumekey", "dhchapkey", "ctrlkey", "pskkey", "chapkey", "addkey", "keyvalue", "keydata",
            "cephclusterfsid",
            "octaviaheartbeatkey", "designaterndckey", "barbicansimplecryptokek", "cephrgwkey", "swifthashsuffix",
            "cephmdskey", "cephmonkey");
    /** Short words that are ends of harmless ones too, so they have to stand alone. */
    private static final List<String> WORDS = List.of("pass", "pw", "pwd", "pswd");
    private static final String WORKING_DIRECTORY = "pwd";

    private SecretName() {}

    /** Whether what stands under this name is a secret, whatever it is. */
    public static boolean isSecret(String name) {
        int end = withoutDigits(name);
        if (end < SHORTEST) {
            return false;
        }
        String joined = joined(name, Math.max(0, end - LOOKED_AT), end);
        return ENDS.stream().anyMatch(joined::endsWith)
                || WORDS.stream().anyMatch(word -> joined.endsWith(word) && standsAlone(name, end, word.length()));
    }

    /** Whether the name is not longer, or another word begins there: {@code admin_pass}, {@code adminPass}. */
    private static boolean standsAlone(String name, int end, int length) {
        int start = end - length;
        if (start <= 0) {
            return start == 0 && !name.regionMatches(true, 0, WORKING_DIRECTORY, 0, end);
        }
        return !Character.isLetterOrDigit(name.charAt(start - 1))
                || (Character.isUpperCase(name.charAt(start)) && Character.isLowerCase(name.charAt(start - 1)));
    }

    /** Where {@code password2} has its number. */
    private static int withoutDigits(String name) {
        int end = name.length();
        while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static String joined(String name, int start, int end) {
        StringBuilder joined = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = name.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                joined.append(Character.toLowerCase(c));
            }
        }
        return joined.toString();
    }
}
