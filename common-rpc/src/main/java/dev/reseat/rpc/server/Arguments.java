package dev.reseat.rpc.server;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.object.ObjectRejected;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Keyword arguments to the record a method takes; what does not fit is answered as a Python method would. */
final class Arguments {
    private static final String BUILTINS = "builtins";

    private static final Pattern CAPITAL = Pattern.compile("(?<=[^A-Z_])[A-Z]");

    private final EnvelopeCodec codec;
    private final Map<Class<?>, List<Method>> needed = new ConcurrentHashMap<>();

    Arguments(EnvelopeCodec codec) {
        this.codec = codec;
    }

    <A> A bind(Message.Request request, Class<A> type) {
        try {
            A args = codec.bind(request.args(), type);
            requireGiven(request, args);
            return args;
        } catch (ObjectRejected e) {
            throw new EndpointFailure(e.failure(), e);
        } catch (UnrecognizedPropertyException e) {
            throw typeError(
                    request.method() + "() got an unexpected keyword argument '" + e.getPropertyName() + "'", e);
        } catch (ValueInstantiationException e) {
            List<String> missing = missing(request, needed(type).stream());
            throw missing.isEmpty()
                    ? failure("ValueError", request.method() + "(): " + e.getCause().getMessage(), e)
                    : new EndpointFailure(missing(request, missing), e);
        } catch (MismatchedInputException e) {
            throw typeError(request.method() + "() got an argument of a wrong type: " + path(e), e);
        } catch (DatabindException e) {
            if (e.getCause() instanceof ObjectRejected rejected) {
                throw new EndpointFailure(rejected.failure(), e);
            }
            throw failure("ValueError", request.method() + "() got an unreadable argument: " + path(e), e);
        } catch (JacksonException e) {
            throw failure("ValueError", request.method() + "() got an unreadable argument", e);
        }
    }

    /** What was not given must not become null in silence; a record may have put something else in its place. */
    private void requireGiven(Message.Request request, Object args) {
        List<Method> accessors = args == null ? List.of() : needed(args.getClass());
        for (Method accessor : accessors) {
            if (isNull(accessor, args)) {
                List<String> missing = missing(request, accessors.stream().filter(each -> isNull(each, args)));
                if (!missing.isEmpty()) {
                    throw new EndpointFailure(missing(request, missing));
                }
                return; // null was given, as a Python caller may
            }
        }
    }

    /** What reads the components that are not optional; nothing of what is no record. */
    private List<Method> needed(Class<?> type) {
        return needed.computeIfAbsent(type, record -> Stream.ofNullable(record.getRecordComponents())
                .flatMap(Stream::of)
                .filter(component -> !component.getType().equals(Optional.class))
                .map(RecordComponent::getAccessor)
                .filter(Method::trySetAccessible)
                .toList());
    }

    private static boolean isNull(Method accessor, Object record) {
        try {
            return accessor.invoke(record) == null;
        } catch (ReflectiveOperationException e) {
            return false; // a record that refuses to be read is its method's affair
        }
    }

    private List<String> missing(Message.Request request, Stream<Method> accessors) {
        Set<?> given = codec.bind(request.args(), Map.class).keySet();
        return accessors.filter(accessor -> names(accessor).noneMatch(given::contains))
                .map(accessor -> names(accessor).findFirst().orElseThrow())
                .toList();
    }

    /** What a component is called on the wire: its own name there, then others that are understood. */
    private static Stream<String> names(Method accessor) {
        JsonProperty own = accessor.getAnnotation(JsonProperty.class);
        JsonAlias others = accessor.getAnnotation(JsonAlias.class);
        String name = own == null || own.value().isEmpty() ? snakeCase(accessor.getName()) : own.value();
        return Stream.concat(Stream.of(name), others == null ? Stream.of() : Stream.of(others.value()));
    }

    private static String snakeCase(String name) {
        return CAPITAL.matcher(name).replaceAll("_$0").toLowerCase(Locale.ROOT);
    }

    /** Where, never what: arguments carry secrets. */
    private static String path(DatabindException e) {
        return e.getPathReference().replaceAll("[\\w.$]*\\[\"", "").replace("\"]", "").replace("->", ".");
    }

    private static Failure missing(Message.Request request, List<String> names) {
        return Failure.of(
                BUILTINS, "TypeError", request.method() + "() missing required arguments: " + String.join(", ", names));
    }

    private static EndpointFailure typeError(String message, JacksonException cause) {
        return failure("TypeError", message, cause);
    }

    private static EndpointFailure failure(String type, String message, JacksonException cause) {
        return new EndpointFailure(Failure.of(BUILTINS, type, message), cause);
    }
}
