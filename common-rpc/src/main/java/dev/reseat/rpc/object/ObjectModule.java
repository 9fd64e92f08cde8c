package dev.reseat.rpc.object;

import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;

/** Teaches a JSON mapper to wrap and unwrap every record marked {@link VersionedObject}. */
final class ObjectModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    ObjectModule() {
        super("versioned-objects");
        setDeserializerModifier(new Unwrap());
        setSerializerModifier(new Wrap());
    }

    private static final class Unwrap extends ValueDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public ValueDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> deserializer) {
            VersionedObject meta = bean.getBeanClass().getAnnotation(VersionedObject.class);
            return meta == null ? deserializer : new ObjectReader(deserializer, meta);
        }
    }

    private static final class Wrap extends ValueSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        @SuppressWarnings("unchecked")
        public ValueSerializer<?> modifySerializer(
                SerializationConfig config, BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
            VersionedObject meta = bean.getBeanClass().getAnnotation(VersionedObject.class);
            return meta == null ? serializer : new ObjectWriter((ValueSerializer<Object>) serializer, meta);
        }
    }
}
