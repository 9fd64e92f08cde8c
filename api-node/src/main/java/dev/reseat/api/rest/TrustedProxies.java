package dev.reseat.api.rest;

import dev.reseat.runtime.Settings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Whose {@code X-Forwarded-…} headers are believed: what they say of the caller's address, and of how this server is
 * reached. Nobody else's are, here or behind us: for who reads the request after this they are not there.
 */
final class TrustedProxies implements HttpConfiguration.Customizer {
    private static final System.Logger LOG = System.getLogger(TrustedProxies.class.getName());
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final Pattern WITH_PORT = Pattern.compile("\\[([0-9A-Fa-f:.]+)](:\\d+)?|([0-9.]+)(:\\d+)?");

    private final List<Network> networks;
    private final ForwardedRequestCustomizer forwarded = new ForwardedRequestCustomizer();

    private TrustedProxies(List<Network> networks) {
        this.networks = List.copyOf(networks);
        forwarded.setForwardedHeader(null);
    }

    /**
     * {@code [oslo_middleware] enable_proxy_headers_parsing}, and {@code [api] trusted_proxies}. The first
     * alone, as real files have it for OpenStack's services, makes us believe nobody, and does not stop the start.
     */
    static TrustedProxies from(Settings settings) {
        boolean parsing = settings.bool("oslo_middleware", "enable_proxy_headers_parsing", false);
        List<Network> networks = settings.value("api", "trusted_proxies", List.of(), TrustedProxies::networks);
        if (parsing && networks.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "[oslo_middleware] enable_proxy_headers_parsing: nobody''s headers are"
                    + " believed until [api] trusted_proxies names proxies");
        }
        return new TrustedProxies(parsing ? networks : List.of());
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        String peer = Request.getRemoteAddr(request);
        boolean believed = networks.stream().anyMatch(network -> network.holds(peer));
        HttpFields headers = request.getHeaders();
        Request told = headers.stream().noneMatch(header -> isForged(header, believed))
                ? request
                : with(HttpFields.from(headers.stream()
                        .filter(header -> !isForged(header, believed))
                        .toArray(HttpField[]::new)), request);
        return believed ? forwarded.customize(withoutClaims(told), responseHeaders) : told;
    }

    /**
     * Of {@code Forwarded} nobody knows whether a proxy has written it or let it through, and oslo.middleware lets it
     * go before all others. Servers in Python take an underscore for a dash.
     */
    private static boolean isForged(HttpField header, boolean believed) {
        String name = header.getLowerCaseName().replace('_', '-');
        return name.equals("forwarded")
                || (name.startsWith("x-forwarded-") && !(believed && name.equals(header.getLowerCaseName())));
    }

    private static Request with(HttpFields headers, Request request) {
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return headers;
            }
        };
    }

    /**
     * Each proxy adds at the end whom it has seen: so the caller is the last who is none of them. What stands before
     * him he may have written himself.
     */
    private Request withoutClaims(Request request) {
        List<String> seen = request.getHeaders().getCSV(FORWARDED_FOR, false);
        if (seen.size() < 2) {
            return request;
        }
        String caller = seen.reversed()
                .stream()
                .filter(one -> networks.stream().noneMatch(network -> network.holds(one)))
                .findFirst()
                .orElse(seen.getFirst());
        return with(HttpFields.build(request.getHeaders()).put(FORWARDED_FOR, caller).asImmutable(), request);
    }

    private static List<Network> networks(String text) {
        List<Network> networks = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            if (!word.isBlank()) {
                networks.add(Network.parse(word.strip()));
            }
        }
        return networks;
    }

    /** @param length how many bits of the address count */
    private record Network(InetAddress address, int length) {
        static Network parse(String text) {
            String[] parts = text.split("/", 2);
            InetAddress address = literal(parts[0]);
            int bits = address.getAddress().length * Byte.SIZE;
            int length = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
            if (length < 0 || length > bits) {
                throw new IllegalArgumentException(text + " is no network");
            }
            return new Network(address, length);
        }

        private static InetAddress literal(String text) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException none) {
                throw new IllegalArgumentException("'" + text + "' is no IP address", none);
            }
        }

        /** What is no address, or in another family, is in no network. */
        boolean holds(String peer) {
            String plain = peer.replaceFirst("%.*$", "");
            Matcher withPort = WITH_PORT.matcher(plain);
            if (withPort.matches()) {
                plain = withPort.group(1) == null ? withPort.group(3) : withPort.group(1);
            }
            try {
                return holds(literal(plain).getAddress());
            } catch (IllegalArgumentException none) {
                return false;
            }
        }

        private boolean holds(byte[] other) {
            byte[] one = address.getAddress();
            if (one.length != other.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 1 << (Byte.SIZE - 1 - bit % Byte.SIZE);
                if ((one[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
