package dev.reseat.systemtest;

import dev.reseat.api.store.Dialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInstance;

/** Our services and a real OpenStack on MariaDB: what OpenStackIT does on PostgreSQL. */
@Tag("broker")
@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
final class OpenStackOnMariaDbIT {
    private OpenStackWithOurs cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = OpenStackWithOurs.start(Dialect.MARIADB);
    }

    @AfterAll
    void stop() {
        if (cloud != null) {
            cloud.close();
        }
    }

    @Nested
    @Order(1)
    final class BesideOpenStackTest extends BesideOpenStackCase {
        @Override
        OpenStackWithOurs cloud() {
            return cloud;
        }
    }

    @Nested
    @Order(2)
    final class SameRowsTest extends SameRowsCase {
        @Override
        OpenStackWithOurs cloud() {
            return cloud;
        }
    }

    @Nested
    @Order(3)
    final class NovaManageTest extends NovaManageCase {
        @Override
        OpenStackWithOurs cloud() {
            return cloud;
        }
    }

    @Nested
    @Order(4)
    final class NovaApiTest extends NovaApiCase {
        @Override
        OpenStackWithOurs cloud() {
            return cloud;
        }
    }

    @Nested
    @Order(5)
    final class PassThroughTest extends PassThroughCase {
        @Override
        OpenStackWithOurs cloud() {
            return cloud;
        }
    }

    @Nested
    @Order(6)
    final class ThroughCinderApiTest extends ThroughCinderApiCase {
        @Override
        OpenStackWithOurs cloud() {
            return cloud;
        }
    }

    @Nested
    @Order(7)
    final class KilledBesideTest extends KilledBesideCase {
        @Override
        OpenStackWithOurs cloud() {
            return cloud;
        }
    }

    /** Ends cinder-volume, and so comes last. */
    @Nested
    @Order(8)
    final class InPlaceOfCinderVolumeTest extends InPlaceOfCinderVolumeCase {
        @Override
        OpenStackWithOurs cloud() {
            return cloud;
        }
    }
}
