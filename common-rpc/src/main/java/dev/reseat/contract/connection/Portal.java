package dev.reseat.contract.connection;

import java.net.InetAddress;
import java.util.Locale;

/**
 * An address and a port of a storage backend. Two ways to write one address are equal: brackets, case, shortened zeros.
 *
 * @param host an address in its canonical form, or a name in lower case; names are not looked up
 */
public record Portal(String host, int port) {
    private static final int MOST = 65_535;

    public Portal {
        host = canonical(host);
        if (port < 1 || port > MOST) {
            throw new MalformedConnection("not a port: " + port);
        }
    }

    /**
     * {@code HOST:PORT}, or {@code [ADDRESS]:PORT}.
     *
     * @throws MalformedConnection if it is neither
     */
    public static Portal parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return new Portal(text.substring(0, Math.max(colon, 0)), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new MalformedConnection("a portal is not HOST:PORT");
        }
    }

    /**
     * An address, in brackets or not, or a name, so that equal ones have equal texts.
     *
     * @throws MalformedConnection if it is blank
     */
    public static String canonical(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.isBlank() || bare.chars().anyMatch(Character::isWhitespace)) {
            throw new MalformedConnection("an address is blank");
        }
        try {
            return InetAddress.ofLiteral(bare).getHostAddress();
        } catch (IllegalArgumentException e) {
            return bare.toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
