package io.athanor.domain.hash;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Digests of typed structured data, which wallets show field by field before they sign. Source: EIP-712.
 *
 * <p>Types are described once, as constants; values are maps from field name to a Java value, and must name every field
 * and no other. Every misfit is an {@link IllegalArgumentException} naming the field.
 */
public final class Eip712 {
    private static final byte[] PREFIX = {0x19, 0x01};

    private Eip712() {}

    /** The digest that a wallet signs: keccak(0x1901 ‖ domain separator ‖ struct hash). */
    public static Hash32 digest(Domain domain, Hash32 structHash) {
        return Hash32.keccak(PREFIX, domain.separator().bytes(), structHash.bytes());
    }

    /** A field of a type without structs: address, bool, string, bytes, bytes32, uint8…uint256, or arrays of those. */
    public static Field field(String name, String type) {
        return new Field(name, SolidityType.parse(type));
    }

    /** A field that is itself a struct. */
    public static Field field(String name, Type struct) {
        return new Field(name, new SolidityType.Struct(struct));
    }

    /** A field that is a list of structs of any length. */
    public static Field listField(String name, Type struct) {
        return new Field(name, new SolidityType.Array(new SolidityType.Struct(struct), SolidityType.Array.ANY_LENGTH));
    }

    /** One named and typed member of a {@link Type}. */
    public static final class Field {
        private final String name;
        private final SolidityType type;

        private Field(String name, SolidityType type) {
            this.name = identifier(name);
            this.type = type;
        }

        @Override
        public String toString() {
            return type.name() + " " + name;
        }
    }

    /** A struct type: its name and ordered fields, and from them its encoded type and type hash. Immutable. */
    public static final class Type {
        private final String name;
        private final List<Field> fields;
        private final String encodedType;
        private final byte[] typeHash;

        private Type(String name, List<Field> fields) {
            this.name = identifier(name);
            this.fields = fields;
            this.encodedType = encodeType();
            this.typeHash = Keccak256.hash(encodedType.getBytes(StandardCharsets.UTF_8));
        }

        /** A struct type; {@link IllegalArgumentException} for a repeated field or two structs of one name. */
        public static Type of(String name, Field... fields) {
            Set<String> names = new HashSet<>();
            for (Field field : fields) {
                if (!names.add(field.name)) {
                    throw new IllegalArgumentException("field '" + field.name + "' is declared twice");
                }
            }
            return new Type(name, List.of(fields));
        }

        /** The struct's name. */
        public String name() {
            return name;
        }

        /** {@code Name(type field,…)} followed by the structs it refers to, by name. */
        public String encodedType() {
            return encodedType;
        }

        /** keccak of {@link #encodedType}. */
        public Hash32 typeHash() {
            return Hash32.of(typeHash);
        }

        /**
         * keccak(type hash ‖ one word a field), as a contract computes it for the same struct.
         *
         * <p>Java types: those of {@link Abi.Layout#encode}; String for string; byte[] for bytes; List for arrays; Map for
         * structs.
         */
        public Hash32 hashStruct(Map<String, ?> values) {
            return Hash32.of(hashStruct(values, ""));
        }

        /** As above for a nested value, whose fields are named in errors with the path that leads to them. */
        byte[] hashStruct(Map<?, ?> values, String path) {
            byte[][] parts = new byte[1 + fields.size()][];
            parts[0] = typeHash;
            for (int i = 0; i < fields.size(); i++) {
                Field field = fields.get(i);
                parts[i + 1] = field.type.word(valueOf(field, values, path), path + field.name);
            }
            if (values.size() != fields.size()) {
                throw new IllegalArgumentException("field '" + path + unknownName(values) + "' is not part of " + name);
            }
            return Keccak256.hash(parts);
        }

        private Object valueOf(Field field, Map<?, ?> values, String path) {
            Object value = values.get(field.name);
            if (value == null) {
                throw new IllegalArgumentException("field '" + path + field.name + "' of " + name + " is missing");
            }
            return value;
        }

        private Object unknownName(Map<?, ?> values) {
            List<Object> names = new ArrayList<>(values.keySet());
            fields.forEach(field -> names.remove(field.name));
            return names.getFirst();
        }

        private String encodeType() {
            SortedMap<String, String> referred = new TreeMap<>();
            fields.forEach(field -> collect(field.type, referred));
            if (referred.containsKey(name)) {
                throw new IllegalArgumentException("struct " + name + " refers to another struct of its name");
            }
            return declaration() + String.join("", referred.values());
        }

        private String declaration() {
            return name + "("
                    + String.join(",", fields.stream().map(Field::toString).toList()) + ")";
        }

        private static void collect(SolidityType type, SortedMap<String, String> referred) {
            if (type instanceof SolidityType.Array array) {
                collect(array.element(), referred);
            } else if (type instanceof SolidityType.Struct struct) {
                String declaration = struct.type().declaration();
                String other = referred.put(struct.name(), declaration);
                if (other != null && !other.equals(declaration)) {
                    throw new IllegalArgumentException("two different structs are named " + struct.name());
                }
                struct.type().fields.forEach(field -> collect(field.type, referred));
            }
        }
    }

    /**
     * What a signature is good for: an application, its version, one chain, and the contract that checks it where one
     * does. A signature made for another domain never verifies here.
     */
    public static final class Domain {
        private final Hash32 separator;

        private Domain(Hash32 separator) {
            this.separator = separator;
        }

        /** A domain whose signatures no contract checks. */
        public static Domain of(String name, String version, long chainId) {
            return make(name, version, chainId, null);
        }

        /** A domain whose signatures this contract checks. */
        public static Domain of(String name, String version, long chainId, String verifyingContract) {
            return make(name, version, chainId, verifyingContract);
        }

        /** The hash of the domain's fields. */
        public Hash32 separator() {
            return separator;
        }

        private static Domain make(String name, String version, long chainId, @Nullable String contract) {
            List<Field> fields = new ArrayList<>(
                    List.of(field("name", "string"), field("version", "string"), field("chainId", "uint256")));
            Map<String, Object> values =
                    new TreeMap<>(Map.of("name", name, "version", version, "chainId", BigInteger.valueOf(chainId)));
            if (contract != null) {
                fields.add(field("verifyingContract", "address"));
                values.put("verifyingContract", contract);
            }
            return new Domain(
                    Type.of("EIP712Domain", fields.toArray(Field[]::new)).hashStruct(values));
        }
    }

    private static String identifier(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("'" + name + "' is no identifier");
        }
        return name;
    }
}
