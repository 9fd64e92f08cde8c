package dev.reseat.rpc;

/**
 * A version of an RPC interface or of a versioned object, {@code major.minor[.revision]}.
 *
 * <p>Compatibility follows {@code oslo_messaging._utils.version_is_compatible}: same major, requested minor not above
 * the implemented one, and the revision counts only when the minors are equal.
 */
public record RpcVersion(int major, int minor, int revision) implements Comparable<RpcVersion> {
    /** The version of a message or a target that names none. */
    public static final RpcVersion DEFAULT = of(1, 0);

    public RpcVersion {
        if (major < 0 || minor < 0 || revision < 0) {
            throw new IllegalArgumentException("version parts must not be negative: " + major + "." + minor);
        }
    }

    public static RpcVersion of(int major, int minor) {
        return new RpcVersion(major, minor, 0);
    }

    /** @throws IllegalArgumentException if the text is not {@code major.minor} or {@code major.minor.revision} */
    public static RpcVersion parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("version must be major.minor: '" + text + "'");
        }
        try {
            int revision = parts.length == 3 ? Integer.parseInt(parts[2]) : 0;
            return new RpcVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), revision);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("version must be major.minor: '" + text + "'", e);
        }
    }

    /** Whether whoever implements this version can serve a request of {@code requested}. */
    public boolean serves(RpcVersion requested) {
        return major == requested.major
                && requested.minor <= minor
                && (requested.minor < minor || requested.revision <= revision);
    }

    @Override
    public int compareTo(RpcVersion other) {
        int byMajor = Integer.compare(major, other.major);
        int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
        return byMinor != 0 ? byMinor : Integer.compare(revision, other.revision);
    }

    @Override
    public String toString() {
        return revision == 0 ? major + "." + minor : major + "." + minor + "." + revision;
    }
}
