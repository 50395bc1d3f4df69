using System.Data.Common;
using CouponGrains.Storage.Sqlite;
using CouponGrains.Storage.Tests.Grains;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Sqlite;

public sealed class SqliteGrainStateTests : GrainStateSuite
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteGrainStore> _stores = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _folder.Dispose();
    }

    protected override Task<DbDataSource> Open()
    {
        _stores.Add(SqliteGrainStore.Prepare(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance));
        return Task.FromResult<DbDataSource>(_stores[^1]);
    }
}
