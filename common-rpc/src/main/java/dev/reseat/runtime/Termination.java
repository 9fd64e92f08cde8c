package dev.reseat.runtime;

import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
            Object ours = handler(handler, signal.getMethod("getNumber"), termination::signal);
            Method handle = signal.getMethod("handle", signal, handler);
            for (String name : List.of("TERM", "INT")) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
            }
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("this Java runtime has no module jdk.unsupported", failure);
        }
        return termination;
    }

    /** The interface has one method; those of Object are asked by nobody. */
    private static Object handler(Class<?> type, Method number, IntConsumer action) {
        return Proxy.newProxyInstance(
                Termination.class.getClassLoader(), new Class<?>[]{type}, (_, _, signals) -> {
                    action.accept((int) number.invoke(signals[0]));
                    return null;
                });
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
