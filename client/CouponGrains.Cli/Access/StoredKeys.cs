using System.Runtime.CompilerServices;
using CouponGrains.Client;
using CouponGrains.Domain.Access;

namespace CouponGrains.Cli.Access;

/// <summary>The keys of a store, without a process that serves it.</summary>
internal sealed class StoredKeys(KeyBook book) : IKeysClient
{
    private const int PageMost = 1_000;

    public async IAsyncEnumerable<ApiKey> Keys([EnumeratorCancellation] CancellationToken cancel)
    {
        string? after = null;
        while (await book.List(null, after, PageMost, cancel) is { Count: > 0 } keys)
        {
            foreach (var key in keys)
            {
                yield return ApiKey.Of(key);
            }

            after = keys[^1].Id;
        }
    }

    public async Task<ApiKey> CreateKey(KeyOrder order, CancellationToken cancel)
    {
        var (id, secret) = KeySecret.New(order.Kind);
        return ApiKey.Of(await book.Create(order.ToKey(id, secret), cancel), secret);
    }

    public async Task<ApiKey> RotateKey(string id, TimeSpan overlap, CancellationToken cancel)
    {
        var secret = KeySecret.Of((await book.Find(id, cancel))?.Kind ?? KeyKind.Server, id);
        return ApiKey.Of(await book.Rotate(id, KeySecret.Hash(secret), overlap, cancel), secret);
    }

    public async Task<ApiKey> RevokeKey(string id, CancellationToken cancel) =>
        ApiKey.Of(await book.Revoke(id, cancel));
}
