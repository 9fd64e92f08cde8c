package dev.reseat.api.rest.repair;

import dev.reseat.api.job.JobDocument;
import dev.reseat.api.job.JobStatus;
import dev.reseat.api.job.Jobs;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.schema.Schema;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /jobs}: bulk repairs are made, read and steered. */
public final class JobResource implements Resource {
    private static final String PATH = "/jobs";
    private static final String ONE = PATH + "/{id}";
    private static final Schema ORDER = Schema.type("object");
    private static final Schema STEERING = Schema.type("object")
            .properties(Map.of("reason", Schema.type("string", "null")))
            .only(Set.of("reason"));

    private final Jobs jobs;

    @Inject
    public JobResource(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.RESEAT, PATH, this::list)
                .post(Api.RESEAT, PATH, this::create)
                .get(Api.RESEAT, ONE, this::show)
                .get(Api.RESEAT, ONE + "/items", this::items)
                .get(Api.RESEAT, ONE + "/events", this::events);
        steer(routes, "plan", (exchange, _) -> jobs.plan(exchange.context(), exchange.path("id")));
        steer(routes, "apply", (exchange, _) -> jobs.apply(exchange.context(), exchange.path("id")));
        steer(routes, "pause", (exchange, why) -> jobs.pause(exchange.context(), exchange.path("id"), why));
        steer(routes, "resume", (exchange, _) -> jobs.resume(exchange.context(), exchange.path("id")));
        steer(routes, "cancel", (exchange, why) -> jobs.cancel(exchange.context(), exchange.path("id"), why));
        steer(routes, "retry-failed", (exchange, _) -> jobs.retryFailed(exchange.context(), exchange.path("id")));
        steer(routes, "undo", (exchange, why) -> jobs.undo(exchange.context(), exchange.path("id"), why));
    }

    private interface Steering {
        JobStatus steer(Exchange exchange, Optional<String> reason);
    }

    private static void steer(Routes routes, String verb, Steering steering) {
        routes.post(Api.RESEAT, ONE + "/" + verb, exchange -> {
            allow(exchange, verb);
            if (!exchange.body().isMissingNode()) {
                STEERING.validate(exchange.body());
            }
            Optional<String> reason = exchange.body().path("reason").stringValueOpt();
            answer(exchange, steering.steer(exchange, reason));
        });
    }

    private void create(Exchange exchange) {
        allow(exchange, "create");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        ORDER.validate(exchange.body());
        answer(exchange, jobs.create(exchange.context(), exchange.object(exchange.body())));
    }

    private void show(Exchange exchange) {
        allow(exchange, "show");
        answer(exchange, jobs.show(exchange.path("id")));
    }

    private void list(Exchange exchange) {
        allow(exchange, "list");
        List<JobDocument> found =
                jobs.latest(limit(exchange, "20")).stream().map(JobDocument::of).toList();
        exchange.json(200, Map.of("jobs", found));
    }

    private void items(Exchange exchange) {
        allow(exchange, "items");
        int after = number(exchange.query().text("after").orElse("-1"), "-1|\\d{1,9}", "after");
        List<JobItem> found =
                jobs.items(exchange.path("id"), states(exchange), after, limit(exchange, "1000"));
        exchange.json(200, Map.of("items", found.stream().map(JobDocument.Item::of).toList()));
    }

    /** Ends when the job has, or the client goes. */
    private void events(Exchange exchange) {
        allow(exchange, "events");
        String id = exchange.path("id");
        JobStatus first = jobs.show(id);
        exchange.events(new JobEvents(first, () -> jobs.show(id)));
    }

    private static Set<JobItem.State> states(Exchange exchange) {
        Set<JobItem.State> states = EnumSet.noneOf(JobItem.State.class);
        exchange.query().text("state").ifPresent(text -> {
            for (String word : text.split(",", -1)) {
                states.add(Arrays.stream(JobItem.State.values())
                        .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(word))
                        .findFirst()
                        .orElseThrow(() -> HttpFault.badRequest("there is no item state " + word)));
            }
        });
        return states;
    }

    private static int limit(Exchange exchange, String otherwise) {
        int limit = number(exchange.query().text("limit").orElse(otherwise), "[1-9]\\d{0,5}", "limit");
        return Math.min(limit, exchange.maxLimit());
    }

    private static int number(String text, String form, String name) {
        if (!text.matches(form)) {
            throw HttpFault.badRequest(name + " is no number of that kind: " + text);
        }
        return Integer.parseInt(text);
    }

    private static void answer(Exchange exchange, JobStatus status) {
        exchange.json(200, Map.of("job", JobDocument.of(status)));
    }

    private static void allow(Exchange exchange, String verb) {
        exchange.authorize("reseat:jobs:" + verb.replace('-', '_'));
    }
}
