package dev.reseat.api.flow;

import dev.reseat.runtime.Service;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Work that is done at start and then again and again, with a pause between two runs, until it is drained. */
public final class Repeating implements Service {
    private static final System.Logger LOG = System.getLogger(Repeating.class.getName());

    private final Duration pause;
    private final Runnable work;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    /** @param work handles what it expects to fail; anything else is a defect, which is logged and does not end this */
    public Repeating(String name, Duration pause, Runnable work) {
        this.pause = pause;
        this.work = work;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::loop);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public Drained drain(Duration grace) {
        stopping.countDown();
        try {
            return thread.getState() == Thread.State.NEW || thread.join(grace) ? Drained.CLEAN : Drained.FORCED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }

    @Override
    public void stop() {
        stopping.countDown();
        thread.interrupt();
    }

    private void runOnce() {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, thread.getName() + " broke; it goes on after the pause", e);
        }
    }

    private void loop() {
        try {
            do {
                runOnce();
            } while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
