using System.Data.Common;
using CouponGrains.Storage.Tests.Grains;

namespace CouponGrains.Storage.Tests.Postgres;

public sealed class PostgresGrainStateTests : GrainStateSuite
{
    private readonly PostgresUnderTest _store = new();
    private bool _open;

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

    protected override async Task<DbDataSource> Open()
    {
        await (_open ? _store.Reopen() : _store.Open());
        _open = true;
        return _store.Store.Source;
    }
}
