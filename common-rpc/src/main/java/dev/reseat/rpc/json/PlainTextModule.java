package dev.reseat.rpc.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.UTF8JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Teaches a JSON mapper to write long plain texts as a whole. */
public final class PlainTextModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    public PlainTextModule() {
        super("plain-texts");
        addSerializer(String.class, new Texts());
    }

    private static final class Texts extends StdSerializer<String> {
        private static final int LONG = 64; // what is shorter costs more to look at than to write

        Texts() {
            super(String.class);
        }

        @Override
        public void serialize(String text, JsonGenerator json, SerializationContext context) throws JacksonException {
            byte[] plain = text.length() >= LONG && json instanceof UTF8JsonGenerator
                    ? PlainText.bytes(text).orElse(null)
                    : null;
            if (plain == null) {
                json.writeString(text);
            } else {
                json.writeRawUTF8String(plain, 0, plain.length);
            }
        }
    }
}
