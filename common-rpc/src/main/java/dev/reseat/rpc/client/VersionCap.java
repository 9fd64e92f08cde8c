package dev.reseat.rpc.client;

import static java.util.Objects.requireNonNull;

import dev.reseat.rpc.RpcVersion;
import dev.reseat.runtime.Settings;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The highest version a client may send, upstream's {@code version_cap}.
 *
 * @param advice who set it and what to do when it is in the way; blank if there is nothing to say
 */
public record VersionCap(RpcVersion version, String advice) {
    private static final String GROUP = "upgrade_levels";
    private static final String AUTO = "auto";

    public VersionCap {
        requireNonNull(version, "version is null");
        requireNonNull(advice, "advice is null");
    }

    /**
     * What {@code [upgrade_levels]} sets for an interface: a version, or a release that stands for one. None if it sets
     * nothing, or {@code auto}: then what is known of each peer decides, and a peer that refuses a version is asked for
     * less.
     *
     * @param name key of the interface, e.g. {@code compute}
     * @param releases names of releases in lower case, with the version each can be sent
     */
    public static Optional<VersionCap> from(Settings settings, String name, Map<String, RpcVersion> releases) {
        Optional<RpcVersion> version =
                settings.value(GROUP, name, Optional.<RpcVersion>empty(), text -> read(text, releases));
        return version.map(limit -> new VersionCap(
                limit,
                "It is [" + GROUP + "] " + name
                        + ": raise or remove it once every service of that name can be sent more."));
    }

    private static Optional<RpcVersion> read(String text, Map<String, RpcVersion> releases) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.isEmpty() || word.equals(AUTO)) {
            return Optional.empty();
        }
        return Optional.of(releases.containsKey(word) ? releases.get(word) : version(word));
    }

    private static RpcVersion version(String word) {
        try {
            return RpcVersion.parse(word);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a version such as 6.0, a release that is known here, or auto",
                    e);
        }
    }
}
