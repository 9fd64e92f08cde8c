package dev.reseat.compute.connector;

import java.util.regex.Pattern;

/**
 * What the names of targets tell, in iSCSI and NVMe. Cinder gives a volume a target of its own, called as
 * {@code volume_name_template} has it: {@code iqn.2010-10.org.openstack:volume-ID}; its nvmet helper makes
 * {@code nqn.nvme-subsystem-1-ID}. An array has one target for everybody, in whose name may be a UUID too, its own,
 * wherever it stands: that is nobody's volume, and the volumes behind it bear no name here.
 */
public final class TargetNames {
    private static final String ID = "%s";
    private static final String UUID = "\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";
    /** Other names of NVMe have an authority and a colon. */
    private static final Pattern NVMET = Pattern.compile("nqn\\.[^:]+-" + UUID);

    private final Pattern ofOneVolume;

    /** @param template what volumes are called; one that has nothing before the id tells them from nobody */
    public TargetNames(String template) {
        String[] around = template.split(ID, -1);
        if (around.length != 2 || around[0].isEmpty()) {
            this.ofOneVolume = NVMET;
        } else {
            this.ofOneVolume = Pattern.compile(
                    NVMET + "|.*:" + Pattern.quote(around[0]) + UUID + Pattern.quote(around[1]));
        }
    }

    /**
     * Whether a target has the one volume whose id its name bears.
     *
     * @param units how many it shows
     */
    public boolean tellTheVolume(String target, long units) {
        return units <= 1 && ofOneVolume.matcher(target).matches();
    }
}
