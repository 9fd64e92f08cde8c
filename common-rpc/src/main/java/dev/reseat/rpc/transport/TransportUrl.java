package dev.reseat.rpc.transport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The value of {@code transport_url}:
 * {@code driver://[user[:password]@]host[:port][,...]/[virtual_host][?option=value&...]}, read as oslo.messaging's
 * {@code TransportURL} and kombu together do. Neither {@link #toString} nor an error shows a password, nor anything
 * that could be a piece of one.
 *
 * @param hosts in the order they were written, never empty for {@link Driver#RABBIT}, empty for {@link Driver#MEMORY}
 * @param options what overrides the group {@code [oslo_messaging_rabbit]} for this transport
 */
public record TransportUrl(Driver driver, List<Host> hosts, String virtualHost, Map<String, String> options) {
    private static final int DEFAULT_PORT = 5672;
    private static final int LAST_PORT = 65535;
    private static final String DEFAULT_ACCOUNT = "guest";
    private static final String DEFAULT_VIRTUAL_HOST = "/";

    public TransportUrl {
        hosts = List.copyOf(hosts);
        options = Map.copyOf(options);
    }

    /** @throws IllegalArgumentException if it cannot be read; the message names the part, not its text */
    public static TransportUrl parse(String url) {
        if (url.indexOf('#') >= 0) {
            throw invalid("it contains '#'; within a name or password that is written %23");
        }
        int colon = url.indexOf(':');
        if (colon <= 0) {
            throw invalid("No scheme specified");
        }
        if (!url.startsWith("//", colon + 1)) {
            throw invalid("'//' is missing after the scheme");
        }
        Driver driver = Driver.of(url.substring(0, colon));
        String rest = url.substring(colon + "://".length());

        String[] atQuery = rest.split("\\?", 2);
        Map<String, String> options = atQuery.length == 2 ? options(atQuery[1]) : Map.of();
        String[] atPath = atQuery[0].split("/", 2);
        String path = atPath.length == 2 ? PercentCoding.decode(atPath[1]) : "";
        String virtualHost = path.isEmpty() ? DEFAULT_VIRTUAL_HOST : path;
        List<Host> hosts = driver == Driver.MEMORY ? List.of() : hosts(atPath[0]);
        return new TransportUrl(driver, hosts, virtualHost, options);
    }

    private static List<Host> hosts(String list) {
        List<Host> hosts = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            if (!entry.isEmpty()) {
                hosts.add(host(entry, hosts.size() + 1));
            }
        }
        return hosts.isEmpty() ? List.of(host("", 1)) : hosts;
    }

    private static Host host(String entry, int position) {
        int at = entry.lastIndexOf('@');
        String[] account = at < 0 ? new String[]{""} : entry.substring(0, at).split(":", 2);
        String user = PercentCoding.decode(account[0]);
        String password = account.length == 2 ? PercentCoding.decode(account[1]) : "";
        String address = entry.substring(at + 1);
        int port = endOfName(address, position);
        String name = address.substring(0, port).replace("[", "").replace("]", "");
        return new Host(
                name.isEmpty() ? "localhost" : name,
                port(address.substring(port), position),
                user.isEmpty() ? DEFAULT_ACCOUNT : user,
                password.isEmpty() ? DEFAULT_ACCOUNT : password);
    }

    private static int endOfName(String address, int position) {
        if (address.startsWith("[")) {
            int bracket = address.indexOf(']');
            if (bracket < 0) {
                throw invalid("host " + position + ": ']' of the IPv6 address is missing");
            }
            return bracket + 1;
        }
        int colon = address.indexOf(':');
        return colon < 0 ? address.length() : colon;
    }

    /** @param text what follows the name: nothing, or a colon and perhaps digits */
    private static int port(String text, int position) {
        if (text.isEmpty() || text.equals(":")) {
            return DEFAULT_PORT;
        }
        if (text.matches(":[0-9]{1,5}")) {
            int port = Integer.parseInt(text.substring(1));
            if (port > 0 && port <= LAST_PORT) {
                return port;
            }
        }
        throw invalid("host " + position + ": the port must be a number from 1 to " + LAST_PORT
                + "; an IPv6 address stands in brackets, and one of @:/?#, in a name or password is percent-encoded");
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.replace('+', ' ').split("=", 2);
            if (parts.length == 2 && !parts[1].isEmpty()) {
                options.merge(
                        PercentCoding.decode(parts[0]), PercentCoding.decode(parts[1]), (a, b) -> a + "," + b);
            }
        }
        return options;
    }

    private static IllegalArgumentException invalid(String why) {
        return new IllegalArgumentException("transport_url: " + why);
    }

    /** The URL in its canonical form with every password replaced by {@code ***}. */
    @Override
    public String toString() {
        String query = options.entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(option -> PercentCoding.encode(option.getKey()) + "=" + PercentCoding.encode(option.getValue()))
                .collect(Collectors.joining("&", options.isEmpty() ? "" : "?", ""));
        String list = hosts.stream().map(Host::toString).collect(Collectors.joining(","));
        return driver.scheme() + "://" + list + "/"
                + (virtualHost.equals(DEFAULT_VIRTUAL_HOST) ? "" : PercentCoding.encode(virtualHost)) + query;
    }

    /** What carries the messages. */
    public enum Driver {
        RABBIT,
        MEMORY;

        static Driver of(String scheme) {
            return switch (scheme.toLowerCase(Locale.ROOT)) {
                case "rabbit", "kombu" -> RABBIT;
                case "memory", "fake" -> MEMORY;
                default -> throw invalid("there is no driver '" + scheme + "', only rabbit (kombu) and memory (fake)");
            };
        }

        String scheme() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One broker and the account to use there. Credentials are not inherited from the host before. */
    public record Host(String name, int port, String user, String password) {
        /** Name and port alone: what belongs in a log. */
        public String address() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }

        @Override
        public String toString() {
            return PercentCoding.encode(user) + ":***@" + address();
        }
    }
}
