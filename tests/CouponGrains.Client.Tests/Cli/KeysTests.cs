using System.Text.Json;
using CouponGrains.Domain.Access;
using CouponGrains.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Client.Tests.Cli;

public sealed class KeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-keys-").FullName;

    [Fact]
    public async Task The_first_key_is_made_in_the_store_and_only_its_hash_is_kept()
    {
        var (code, secret, error) = await Coupons.Run("keys", "create", "Shop", "--scopes", "all", "--store", _folder);
        Assert.True(code == 0, error);
        var id = KeySecret.IdOf(secret.Trim());
        Assert.NotNull(id);
        await using (var store = SqliteStore.Open(_folder, TimeProvider.System, NullLoggerFactory.Instance))
        {
            var key = (await store.Keys.Get(id, default))!;
            Assert.Equal((KeySecret.Hash(secret.Trim()), "Shop"), (key.Hash, key.Name));
            Assert.Equal(Scopes.All, key.Scopes);
        }

        var (_, rotated, _) = await Coupons.Run("keys", "rotate", id, "--store", _folder);
        Assert.Equal(id, KeySecret.IdOf(rotated.Trim()));
        (code, _, error) = await Coupons.Run("keys", "revoke", id, "--store", _folder);
        Assert.True(code == 0, error);
        var (_, list, _) = await Coupons.Run("keys", "list", "--json", "--store", _folder);
        var listed = JsonDocument.Parse(list).RootElement.GetProperty("keys")[0];
        Assert.Equal(id, listed.GetProperty("id").GetString());
        Assert.True(listed.TryGetProperty("revokedAt", out _));
        Assert.False(listed.TryGetProperty("hash", out _));
    }

    [Theory]
    [InlineData("bad_option", "create", "Shop", "--kind", "master")]
    [InlineData("invalid_value", "create", "Shop", "--scopes", "everything")]
    [InlineData("bad_option", "create", "Shop", "--days", "0")]
    [InlineData("unknown_key", "rotate", "nobody")]
    [InlineData("unknown_key", "revoke", "nobody")]
    public async Task What_cannot_be_is_refused_in_one_line(string refusal, params string[] words)
    {
        var (code, output, error) = await Coupons.Run(["keys", .. words, "--store", _folder]);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"coupons: {refusal}", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
