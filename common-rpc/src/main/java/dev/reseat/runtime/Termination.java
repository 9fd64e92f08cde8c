package dev.reseat.runtime;

import static java.lang.invoke.MethodType.methodType;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * The wish that this process ends. It comes from SIGTERM or SIGINT, or from inside; whoever waits for it then closes
 * what runs. A second signal ends the process at once, without waiting for anything.
 *
 * <p>Signals are taken instead of a shutdown hook because a hook hears no second signal and cannot choose the exit
 * code. {@code sun.misc} is reached by reflection, as javac warns of it in a way that cannot be switched off.
 */
public final class Termination {
    private static final System.Logger LOG = System.getLogger(Termination.class.getName());
    private static final int SIGNALLED = 128;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final AtomicBoolean signalled = new AtomicBoolean();

    /** From now on the signals of this process arrive here. Once per process. */
    public static Termination bySignal() {
        Termination termination = new Termination();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = MethodHandleProxies.asInterfaceInstance(handler, handle(signal, termination::signal));
            Method handle = signal.getMethod("handle", signal, handler);
            for (String name : List.of("TERM", "INT")) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
            }
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("this Java runtime has no module jdk.unsupported", failure);
        }
        return termination;
    }

    private static MethodHandle handle(Class<?> signal, IntConsumer action) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        return MethodHandles.filterArguments(
                lookup.bind(action, "accept", methodType(void.class, int.class)),
                0,
                lookup.findVirtual(signal, "getNumber", methodType(int.class)));
    }

    /** Returns when the end is wished for. */
    public void await() throws InterruptedException {
        requested.await();
    }

    /** Wishes for the end; repeatable, from any thread. */
    public void request(String reason) {
        LOG.log(Level.INFO, "stopping: {0}", reason);
        requested.countDown();
    }

    private void signal(int number) {
        if (signalled.getAndSet(true)) {
            LOG.log(Level.WARNING, "second signal: ending at once");
            Runtime.getRuntime().halt(SIGNALLED + number);
        }
        request("signal " + number);
    }
}
