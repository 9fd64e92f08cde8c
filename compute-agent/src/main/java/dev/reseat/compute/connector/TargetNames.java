package dev.reseat.compute.connector;

import java.util.regex.Pattern;

/**
 * What the names of targets tell, in iSCSI and NVMe. Cinder gives a volume a target of its own, whose name ends with
 * the volume's: {@code iqn.2010-10.org.openstack:volume-ID}, {@code nqn.nvme-subsystem-1-ID}. An array has one target
 * for everybody, in whose name may be a UUID too, its own: that is nobody's volume, and the volumes behind it bear no
 * name here.
 */
public final class TargetNames {
    private static final Pattern OF_ONE_VOLUME =
            Pattern.compile(".*\\w-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private TargetNames() {}

    /**
     * Whether a target has the one volume whose id its name bears.
     *
     * @param units how many it shows
     */
    public static boolean tellTheVolume(String target, long units) {
        return units <= 1 && OF_ONE_VOLUME.matcher(target).matches();
    }
}
