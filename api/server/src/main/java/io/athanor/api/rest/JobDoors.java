package io.athanor.api.rest;

import io.athanor.api.auth.QuickDoor;
import io.athanor.api.command.SubmitJob;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;

/** What clients ask all the time. */
@Configuration(proxyBeanMethods = false)
class JobDoors {
    @Bean
    QuickDoor<SubmitJob> submitDoor(JobsController jobs) {
        return new QuickDoor<>("/v1/jobs", HttpStatus.ACCEPTED, SubmitJob.class, jobs::submit);
    }
}
