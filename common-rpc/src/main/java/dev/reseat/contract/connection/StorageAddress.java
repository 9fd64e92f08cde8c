package dev.reseat.contract.connection;

import dev.reseat.contract.connection.ConnectionInfo.FibreChannelPath;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.connection.ConnectionInfo.NvmePortal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where storage is reached, as a value: {@code 10.0.0.1} is not in {@code 10.0.0.10}, and {@code ::1} is
 * {@code [0:0::1]}.
 *
 * @param host an address in its canonical form, a name in lower case, or a world wide name
 * @param port empty where there is none, or any is meant
 */
public record StorageAddress(String host, OptionalInt port) {
    /**
     * {@code ADDRESS}, {@code ADDRESS:PORT}, {@code [ADDRESS]:PORT}, or a world wide name.
     *
     * @throws MalformedConnection if it is none of them
     */
    public static StorageAddress parse(String text) {
        Optional<String> wwn = wwn(text);
        if (wwn.isPresent()) {
            return new StorageAddress(wwn.get(), OptionalInt.empty());
        }
        boolean bare = text.indexOf(':') == text.lastIndexOf(':') ? !text.contains(":") : !text.startsWith("[");
        return bare || text.endsWith("]")
                ? new StorageAddress(Portal.canonical(text), OptionalInt.empty())
                : of(Portal.parse(text));
    }

    /** Every address that a connection names; none where it names none, or its kind is not known here. */
    public static Set<StorageAddress> of(ConnectionInfo connection) {
        return switch (connection) {
            case ConnectionInfo.Rbd rbd -> of(rbd.monitors().stream());
            case ConnectionInfo.Iscsi iscsi -> of(iscsi.paths().stream().map(IscsiPath::portal));
            case ConnectionInfo.Nvme nvme -> of(nvme.targets()
                    .stream()
                    .flatMap(target -> target.portals().stream())
                    .map(NvmePortal::address));
            case ConnectionInfo.Nfs nfs -> Set.of(new StorageAddress(nfs.host(), OptionalInt.empty()));
            case ConnectionInfo.FibreChannel fibre -> fibre.paths()
                    .stream()
                    .map(FibreChannelPath::target)
                    .map(target -> new StorageAddress(target.digits(), OptionalInt.empty()))
                    .collect(Collectors.toSet());
            case ConnectionInfo.Local _,ConnectionInfo.Other _ -> Set.of();
        };
    }

    /** The one of these that the connection names, if it names any. */
    public static Optional<StorageAddress> find(ConnectionInfo connection, List<StorageAddress> wanted) {
        return find(of(connection), wanted);
    }

    /** The one of the wanted ones that is among those, if any is. */
    public static Optional<StorageAddress> find(Set<StorageAddress> named, List<StorageAddress> wanted) {
        return wanted.stream().filter(one -> named.stream().anyMatch(one::isMeantBy)).findFirst();
    }

    /** Whether it is the same host, and the same port where this one says which. */
    private boolean isMeantBy(StorageAddress other) {
        return host.equals(other.host) && (port.isEmpty() || port.equals(other.port));
    }

    @Override
    public String toString() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return port.isPresent() ? shown + ":" + port.getAsInt() : host;
    }

    private static Set<StorageAddress> of(Stream<Portal> portals) {
        return portals.map(StorageAddress::of).collect(Collectors.toSet());
    }

    private static StorageAddress of(Portal portal) {
        return new StorageAddress(portal.host(), OptionalInt.of(portal.port()));
    }

    private static Optional<String> wwn(String text) {
        try {
            return Optional.of(new Wwn(text).digits());
        } catch (MalformedConnection other) {
            return Optional.empty();
        }
    }
}
