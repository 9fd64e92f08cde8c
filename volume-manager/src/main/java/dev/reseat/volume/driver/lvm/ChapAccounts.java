package dev.reseat.volume.driver.lvm;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.Secret;
import dev.reseat.volume.driver.DriverException;
import java.security.SecureRandom;
import java.util.Optional;

/** What initiators prove themselves with, as Cinder stores it: {@code CHAP USER PASSWORD}. */
final class ChapAccounts {
    private static final String METHOD = "CHAP";
    private static final int USER_LENGTH = 20;
    private static final int PASSWORD_LENGTH = 16; // initiators take 12 to 16
    private static final String SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private final SecureRandom random = new SecureRandom();

    /** @throws DriverException.BackendFailed if what is stored is of another form */
    static Optional<Chap> stored(Optional<Secret> providerAuth) {
        return providerAuth.filter(text -> !text.reveal().isBlank()).map(text -> {
            String[] words = text.reveal().split(" ", -1);
            if (words.length != 3) {
                throw new DriverException.BackendFailed("provider_auth is not of method, user and password");
            }
            return new Chap(words[0], words[1], new Secret(words[2]));
        });
    }

    Chap fresh() {
        return new Chap(METHOD, symbols(USER_LENGTH), new Secret(symbols(PASSWORD_LENGTH)));
    }

    static Secret text(Chap chap) {
        return new Secret(chap.method() + " " + chap.user() + " " + chap.password().reveal());
    }

    private String symbols(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
        }
        return text.toString();
    }
}
