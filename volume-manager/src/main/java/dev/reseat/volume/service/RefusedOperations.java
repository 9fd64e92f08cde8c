package dev.reseat.volume.service;

import dev.reseat.contract.state.CinderOperation;
import dev.reseat.contract.state.OperationNotServed;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.state.StateClient;
import dev.reseat.volume.state.StateException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What Cinder wants of a backend and does not get here. Whoever cast it waits for rows to change, so these are settled;
 * what no api-node takes is told again with each report of the backend. That is kept in memory alone: a volume-manager
 * has no database and keeps nothing of its own. What is not told when it ends is lost, as every cast is with a
 * cinder-volume that ends, and its rows wait for {@code reset-state}. Thread-safe.
 */
public final class RefusedOperations {
    private static final System.Logger LOG = System.getLogger(RefusedOperations.class.getName());

    private final Backend backend;
    private final StateClient state;
    private final Queue<Untold> untold = new ConcurrentLinkedQueue<>();

    public RefusedOperations(Backend backend, StateClient state) {
        this.backend = backend;
        this.state = state;
    }

    private record Untold(RequestContext context, OperationNotServed operation) {}

    /** Returns when it is settled, or will be. */
    public void refuse(RequestContext context, CinderOperation operation, String id) {
        var refused = new Untold(context, new OperationNotServed(operation.method(), id, backend.host()));
        if (!tell(refused)) {
            untold.add(refused);
        }
    }

    /** What the operation is for, where no argument says it. */
    public String backendName() {
        return backend.host();
    }

    /** Tells once more what nobody has taken. */
    void tellAgain() {
        for (int left = untold.size(); left > 0; left--) {
            Untold oldest = untold.poll();
            if (oldest != null && !tell(oldest)) {
                untold.add(oldest);
                return;
            }
        }
    }

    private boolean tell(Untold refused) {
        OperationNotServed operation = refused.operation();
        try {
            OperationNotServed.Result settled = state.commit(refused.context(), operation);
            LOG.log(System.Logger.Level.ERROR, "{0} of {1} is not served here: {2}", operation.operation(),
                    operation.id(), settled.changes().isEmpty()
                            ? "nothing waits for it"
                            : String.join("; ", settled.changes()));
            return true;
        } catch (StateException e) {
            LOG.log(System.Logger.Level.WARNING,
                    "{0} of {1} is not served here, and no api-node has settled it yet: {2}",
                    operation.operation(), operation.id(), e.getMessage());
            return false;
        } catch (RpcException.RemoteFailure e) { // rights, a database that is down, an api-node of another version
            LOG.log(System.Logger.Level.ERROR,
                    "{0} of {1} is not served here, and an api-node could not settle it: {2}",
                    operation.operation(), operation.id(), e.getMessage());
            return false;
        }
    }
}
