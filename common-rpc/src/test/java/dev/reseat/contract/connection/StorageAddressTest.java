package dev.reseat.contract.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageAddressTest {
    private static final String RBD = """
            {"driver_volume_type": "rbd", "data": {"name": "p/v", "hosts": ["10.0.0.1", "10.0.0.12", "fd00::1"],
             "ports": ["6789", "6789", "3300"]}}""";

    @ParameterizedTest
    @CsvSource({"10.0.0.1,true", "10.0.0.1:6789,true", "10.0.0.1:3300,false", "10.0.0.12,true", "10.0.0.2,false",
            "0.0.0.1,false", "fd00:0:0::1,true", "[FD00::0001]:3300,true", "[fd00::1],true", "[fd00::1]:6789,false",
            "fd00::11,false", "mon-1,false"})
    void anAddressIsFoundAsAValueNeverAsAPartOfAText(String wanted, boolean found) {
        assertThat(StorageAddress.find(ConnectionInfo.parse(RBD), List.of(StorageAddress.parse(wanted))).isPresent())
                .isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "192.0.2.1 | {'driver_volume_type':'iscsi','data':{'target_portal':'192.0.2.1:3260',"
                    + "'target_iqn':'iqn.x','target_lun':1}}",
            "192.0.2.2:3260 | {'driver_volume_type':'iscsi','data':{'target_portals':['192.0.2.1:3260',"
                    + "'192.0.2.2:3260'],'target_iqns':['iqn.x','iqn.y'],'target_luns':[1,1]}}",
            "filer | {'driver_volume_type':'nfs','data':{'export':'FILER:/vol','name':'volume-1'}}",
            "192.0.2.3:4420 | {'driver_volume_type':'nvmeof','data':{'nqn':'nqn.x','target_portal':'192.0.2.3',"
                    + "'target_port':4420,'transport_type':'tcp'}}",
            "20:00:00:25:B5:00:00:0f | {'driver_volume_type':'fibre_channel','data':{'target_wwn':"
                    + "'20000025b500000f','target_lun':1}}",
            "192.0.2.4 | {'driver_volume_type':'rbd','name':'p/v','hosts':['192.0.2.4'],'ports':['6789']}",
            "[fd00::5]:3260 | {'driver_volume_type':'iscsi','target_portal':'[FD00:0::5]:3260','target_iqn':'iqn.x',"
                    + "'target_lun':1}",
            "fd00::6 | {'driver_volume_type':'nfs','export':'[fd00::6]:/vol','name':'volume-1'}",
            "192.0.2.8:4420 | {'driver_volume_type':'nvmeof','target_nqn':'nqn.x','vol_uuid':'1',"
                    + "'portals':[['192.0.2.7',4420,'tcp'],['192.0.2.8',4420,'tcp']]}",
            "192.0.2.9 | {'driver_volume_type':'nvmeof','volume_replicas':[{'target_nqn':'nqn.x','vol_uuid':'1',"
                    + "'portals':[['192.0.2.7','4420','tcp']]},{'target_nqn':'nqn.y','vol_uuid':'2',"
                    + "'portals':[['192.0.2.9','4420','tcp']]}]}",
            "20000025b500000e | {'driver_volume_type':'fibre_channel','target_wwn':['20000025b500000f',"
                    + "'20000025b500000e'],'target_luns':[1,2]}"})
    void everyKindOfConnectionNamesItsAddresses(String wanted, String json) {
        ConnectionInfo connection = ConnectionInfo.parse(json.replace('\'', '"'));

        assertThat(StorageAddress.find(connection, List.of(StorageAddress.parse(wanted)))).isPresent();
        assertThat(StorageAddress.find(connection, List.of(StorageAddress.parse("192.0.2.99")))).isEmpty();
    }

    @Test
    void whatIsNoNetworkNamesNoAddress() {
        assertThat(StorageAddress.of(ConnectionInfo.parse(
                "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/volumes/10.0.0.1\"}}"))).isEmpty();
        assertThat(StorageAddress.of(ConnectionInfo.parse(
                "{\"driver_volume_type\": \"unheard\", \"data\": {\"host\": \"10.0.0.1\"}}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "10.0.0.1:x", "10.0.0.1:0", "a b", "[::1]:x"})
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> StorageAddress.parse(text)).isInstanceOf(MalformedConnection.class);
    }
}
