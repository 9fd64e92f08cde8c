package dev.reseat.api.service;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.blockstorage.BlockStorageException;
import org.junit.jupiter.api.Test;

/** What a failure of Cinder's API is to whoever has a repair under way. */
class RemoteCallTest {
    private static void assertTakenAs(Class<? extends ServiceException> expected, BlockStorageException failure) {
        assertThatThrownBy(() -> new RemoteCall("block storage").tell(() -> {
            throw failure;
        })).isInstanceOf(expected).hasMessageContaining(failure.getMessage());
    }

    @Test
    void whatCinderRefusesIsNotTriedAgain() {
        assertTakenAs(ServiceException.Conflict.class, new BlockStorageException.Refused(
                409, "Detach volume from instance i using the Compute API"));
        assertTakenAs(ServiceException.Conflict.class, new BlockStorageException.Refused(400, "Invalid volume"));
        assertTakenAs(ServiceException.Conflict.class, new BlockStorageException.NotFound("no attachment"));
    }

    @Test
    void whatMayPassIs() {
        assertTakenAs(ServiceException.Failed.class, new BlockStorageException.Refused(500, "Unknown error"));
        assertTakenAs(ServiceException.Unavailable.class, new BlockStorageException.Unreachable("nobody", null));
        assertTakenAs(ServiceException.Unavailable.class, new BlockStorageException.Misconfigured("no token"));
        assertTakenAs(ServiceException.Unknown.class, new BlockStorageException.OutcomeUnknown("no answer", null));
    }
}
