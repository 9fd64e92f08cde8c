package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.object.ObjectRejected;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Keyword arguments to the record a method takes; what does not fit is answered as a Python method would. */
final class Arguments {
    private static final String BUILTINS = "builtins";

    private final EnvelopeCodec codec;

    Arguments(EnvelopeCodec codec) {
        this.codec = codec;
    }

    <A> A bind(Message.Request request, Class<A> type) {
        try {
            return codec.bind(request.args(), type);
        } catch (ObjectRejected e) {
            throw new EndpointFailure(e.failure(), e);
        } catch (UnrecognizedPropertyException e) {
            throw typeError(
                    request.method() + "() got an unexpected keyword argument '" + e.getPropertyName() + "'", e);
        } catch (ValueInstantiationException e) {
            List<String> missing = missing(request, type);
            throw missing.isEmpty()
                    ? failure("ValueError", request.method() + "(): " + e.getCause().getMessage(), e)
                    : typeError(request.method() + "() missing required arguments: " + String.join(", ", missing), e);
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

    /** Which arguments the record cannot be without and the caller did not give. */
    private List<String> missing(Message.Request request, Class<?> type) {
        if (!type.isRecord()) {
            return List.of();
        }
        Set<?> given = codec.bind(request.args(), Map.class).keySet();
        return Stream.of(type.getRecordComponents())
                .filter(component -> !component.getType().equals(Optional.class))
                .map(component -> component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .filter(name -> !given.contains(name))
                .toList();
    }

    /** Where, never what: arguments carry secrets. */
    private static String path(DatabindException e) {
        return e.getPathReference().replaceAll("[\\w.$]*\\[\"", "").replace("\"]", "").replace("->", ".");
    }

    private static EndpointFailure typeError(String message, JacksonException cause) {
        return failure("TypeError", message, cause);
    }

    private static EndpointFailure failure(String type, String message, JacksonException cause) {
        return new EndpointFailure(Failure.of(BUILTINS, type, message), cause);
    }
}
