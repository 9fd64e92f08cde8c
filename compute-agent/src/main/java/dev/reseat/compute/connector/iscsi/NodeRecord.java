package dev.reseat.compute.connector.iscsi;

import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.connection.Portal;

/**
 * What open-iscsi keeps of a target: by it, a host logs in again when it starts.
 *
 * @param address as open-iscsi writes it, and has to be told it
 */
record NodeRecord(String address, Portal portal, String iqn) {
    boolean isOf(IscsiPath path) {
        return portal.equals(path.portal()) && iqn.equals(path.iqn());
    }

    static NodeRecord of(IscsiPath path) {
        return new NodeRecord(path.portal().toString(), path.portal(), path.iqn());
    }
}
