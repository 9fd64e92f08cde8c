package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.DamagedConnector;
import dev.reseat.blockstorage.BlockStorageException;
import dev.reseat.rpc.RpcException;
import java.util.function.Supplier;

/** Another service that is asked, and what its failures mean to whoever asked us. */
record RemoteCall(String name) {
    static RemoteCall backendOf(Volume volume) {
        return new RemoteCall("The volume service of " + volume.serviceName().orElse("no host"));
    }

    static RemoteCall computeOf(Instance instance) {
        return new RemoteCall("The compute service of " + instance.host().orElse("no host"));
    }

    static RemoteCall agentOf(String host) {
        return new RemoteCall("The compute agent of " + host);
    }

    /**
     * @throws ServiceException.Unavailable it did not run; Failed it answered so; Unknown it may have run; Conflict if
     *     an attachment that it must be told of cannot be read
     */
    <T> T ask(Supplier<T> call) {
        try {
            return call.get();
        } catch (RpcException.NotDelivered | RpcException.VersionCapExceeded e) {
            throw new ServiceException.Unavailable(name + " cannot be reached: " + e.getMessage(), e);
        } catch (RpcException.RemoteFailure e) {
            throw new ServiceException.Failed(name + " failed: " + e.getMessage(), null, e);
        } catch (RpcException.OutcomeUnknown | RpcException.UnreadableReply e) {
            throw new ServiceException.Unknown(name + " did not answer in time: it may have done its part.", null, e);
        } catch (DamagedConnector e) { // before anything was sent
            throw ConnectorRules.damaged(e);
        } catch (BlockStorageException e) {
            throw ofCinderApi(e);
        }
    }

    /** What Cinder's API refuses it would refuse again; its own failures may pass. */
    private ServiceException ofCinderApi(BlockStorageException failure) {
        String said = "Block storage: " + failure.getMessage();
        return switch (failure) {
            case BlockStorageException.Unreachable _,BlockStorageException.Misconfigured _ ->
                new ServiceException.Unavailable(said, failure);
            case BlockStorageException.OutcomeUnknown _ ->
                new ServiceException.Unknown(said + ". It may have done its part.", null, failure);
            case BlockStorageException.NotFound _ -> new ServiceException.Conflict(said, null);
            case BlockStorageException.Refused refused when refused.status() < 500 ->
                new ServiceException.Conflict(said, null);
            case BlockStorageException.Refused _ -> new ServiceException.Failed(said, null, failure);
        };
    }

    /** A question that changes nothing: no answer is just none. */
    <T> T query(Supplier<T> call) {
        try {
            return ask(call);
        } catch (ServiceException.Unknown e) {
            throw new ServiceException.Unavailable(name + " did not answer in time.", e);
        }
    }

    void tell(Runnable call) {
        ask(() -> {
            call.run();
            return null;
        });
    }
}
