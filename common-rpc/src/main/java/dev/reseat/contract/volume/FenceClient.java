package dev.reseat.contract.volume;

import dev.reseat.contract.connection.InitiatorNames;
import dev.reseat.contract.connection.Portal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code fence_client} in namespace {@code reseat}, 1.2: keeps a client out of the whole backend for a time, whatever
 * it uses there. Done for nobody who does not ask for it by name: a client that lives loses all its volumes. Returns
 * when the backend shows that it keeps the client out. Repeatable.
 *
 * @param address of the client, {@code IP:PORT/NONCE}, where port 0 and nonce 0 stand for every client of the host; or
 *     an initiator's name in iSCSI. As {@code describe_connections} tells it
 * @param seconds for how long, where the backend knows a time; a day without it
 */
public record FenceClient(String address, Optional<Integer> seconds) {
    public static final String METHOD = "fence_client";
    private static final int DAY = 86_400;
    private static final String EVERY_CLIENT = "0/0";
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:\\[\\]]{2,45}:\\d{1,5}/\\d{1,10}");
    private static final Pattern INITIATOR = Pattern.compile("(iqn|eui|naa)\\.[A-Za-z0-9.:_-]{1,219}");

    public FenceClient {
        if (address == null || !names(address)) {
            throw new IllegalArgumentException("address must be IP:PORT/NONCE, or an initiator's name");
        }
        if (seconds.filter(time -> time < 1).isPresent()) {
            throw new IllegalArgumentException("seconds must be positive");
        }
    }

    /** Whether a text is a client's name. */
    public static boolean names(String text) {
        return ADDRESS.matcher(text).matches() || isInitiator(text);
    }

    /** Whether a text is an initiator's name. */
    public static boolean isInitiator(String text) {
        return INITIATOR.matcher(text).matches();
    }

    /** Whether that client is whom it keeps out. */
    public boolean concerns(String client) {
        if (isInitiator(address)) {
            return InitiatorNames.same(address, client);
        }
        if (!ADDRESS.matcher(client).matches()) {
            return address.equals(client);
        }
        return host(address).equals(host(client))
                && (process(address).equals(EVERY_CLIENT) || process(address).equals(process(client)));
    }

    private static String host(String client) {
        return Portal.canonical(client.substring(0, client.lastIndexOf(':')));
    }

    private static String process(String client) {
        return client.substring(client.lastIndexOf(':') + 1);
    }

    /** For how long. */
    public int time() {
        return seconds.orElse(DAY);
    }

    /** @param supported whether the driver can */
    public record Result(boolean supported, String driver, String detail) {}
}
