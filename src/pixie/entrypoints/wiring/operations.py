from dishka import BaseScope, Provider, Scope, provide, provide_all
from redis.asyncio import Redis

from pixie.adapters.files.storage_dependency import StorageDependency
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.dependencies import PostgresDependency, RedisDependency
from pixie.adapters.kernel.pg_gauge_reader import PgGaugeReader
from pixie.application.files.ports import BlobStore
from pixie.application.kernel.gauges import GaugeReader, ReadGauges
from pixie.application.kernel.health import CheckHealth


class OperationsWiring(Provider):
    scope: BaseScope | None = Scope.REQUEST

    gauge_reader = provide(PgGaugeReader, provides=GaugeReader, scope=Scope.APP)
    reading = provide_all(ReadGauges)

    @provide(scope=Scope.APP)
    def check_health(self, database: Database, redis: "Redis", blobs: BlobStore) -> CheckHealth:
        return CheckHealth(
            dependencies=(PostgresDependency(database), RedisDependency(redis), StorageDependency(blobs))
        )
