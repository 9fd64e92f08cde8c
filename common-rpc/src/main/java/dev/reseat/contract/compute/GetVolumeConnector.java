package dev.reseat.contract.compute;

/**
 * {@code get_volume_connector} in namespace {@code reseat}, 1.0: how this host presents itself to storage backends, as
 * {@code nova-manage volume_attachment get_connector} prints it. Returns the connector, an object with at least
 * {@code host}.
 */
public record GetVolumeConnector() {
    public static final String METHOD = "get_volume_connector";
}
