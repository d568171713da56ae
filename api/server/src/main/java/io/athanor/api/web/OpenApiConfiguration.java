package io.athanor.api.web;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigInteger;
import java.util.Map;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The OpenAPI description: text values are strings of their one form. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    private static final Map<Class<?>, String> FORMS = Map.ofEntries(
            Map.entry(Ath.class, "wei, decimal"),
            Map.entry(BigInteger.class, "decimal"),
            Map.entry(CommandId.class, "UUIDv7"),
            Map.entry(JobId.class, "UUIDv7"),
            Map.entry(MachineId.class, "UUIDv7"),
            Map.entry(TaskId.class, "<job>.<index>"),
            Map.entry(LeaseId.class, "<job>.<index>.<fence>"),
            Map.entry(RoundId.class, "<epoch>.<kind>.<shard>.<attempt>"),
            Map.entry(StreamId.class, "<type>/<id>"),
            Map.entry(Region.class, "such as eu-west"),
            Map.entry(Sha256.class, "sha256:<64 lower hex>"),
            Map.entry(Wallet.class, "EIP-55 address"),
            Map.entry(Hash32.class, "0x and 64 lower hex"));

    static {
        FORMS.forEach((type, form) ->
                SpringDocUtils.getConfig().replaceWithSchema(type, new StringSchema().description(form)));
    }

    @Bean
    OpenAPI athanorOpenApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Athanor")
                        .version("v1")
                        .description("An open, auditable decentralised GPU cloud.")
                        .license(new License().name("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An access token of /v1/auth/verify, or an API key.")));
    }
}
