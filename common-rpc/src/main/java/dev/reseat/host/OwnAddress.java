package dev.reseat.host;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** The address of this host. */
public final class OwnAddress {
    private static final String LOOPBACK = "127.0.0.1";

    private OwnAddress() {}

    /**
     * What {@code [DEFAULT] my_ip} is where nobody has set it: the first IPv4 address that others can reach, or else
     * that of the loopback.
     *
     * @throws IllegalArgumentException if the interfaces cannot be read: then it has to be set
     */
    public static String first() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse(LOOPBACK);
        } catch (SocketException e) {
            throw new IllegalArgumentException("[DEFAULT] my_ip: must be set, as no network interface can be read", e);
        }
    }
}
