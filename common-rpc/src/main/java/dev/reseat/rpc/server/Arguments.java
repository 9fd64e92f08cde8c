package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.object.ObjectRejected;
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
            throw failure("ValueError", request.method() + "(): " + e.getCause().getMessage(), e);
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
