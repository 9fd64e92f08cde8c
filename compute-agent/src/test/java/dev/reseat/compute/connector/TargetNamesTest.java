package dev.reseat.compute.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Nothing is taken for a volume but what is called as the cloud calls its volumes. */
final class TargetNamesTest {
    private static final String ID = "11111111-2222-3333-4444-555555555555";

    @Test
    void aTargetOfCindersTellsItsVolume() {
        var names = new TargetNames("volume-%s");
        assertThat(names.tellTheVolume("iqn.2010-10.org.openstack:volume-" + ID, 1)).isTrue();
        assertThat(names.tellTheVolume("nqn.nvme-subsystem-1-" + ID, 1)).isTrue();
        assertThat(names.tellTheVolume("iqn.2010-10.org.openstack:volume-" + ID, 2)).isFalse();
    }

    @Test
    void theCloudsOwnTemplateCounts() {
        var names = new TargetNames("vol.%s.img");
        assertThat(names.tellTheVolume("iqn.2010-10.org.openstack:vol." + ID + ".img", 1)).isTrue();
        assertThat(names.tellTheVolume("iqn.2010-10.org.openstack:volume-" + ID, 1)).isFalse();
        assertThat(names.tellTheVolume("iqn.2010-10.org.openstack:vol-" + ID + "-img", 1)).isFalse();
    }

    @Test
    void aBareIdMayBeAnArrays() {
        assertThat(new TargetNames("%s").tellTheVolume("iqn.2016-01.com.example:" + ID, 1)).isFalse();
        assertThat(new TargetNames("volume-%s").tellTheVolume("iqn.2016-01.com.example:" + ID, 1)).isFalse();
        assertThat(new TargetNames("volume-%s").tellTheVolume("iqn.2016-01.com.example:array-" + ID, 1)).isFalse();
    }
}
