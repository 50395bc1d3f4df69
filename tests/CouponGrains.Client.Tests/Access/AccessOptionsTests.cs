using System.Net;
using CouponGrains.Api.Access;
using CouponGrains.Api.Hosting;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.Extensions.Configuration;

namespace CouponGrains.Client.Tests.Access;

public sealed class AccessOptionsTests
{
    private static readonly Front Here = new(IPAddress.Loopback, 8080);
    private static readonly Front Everywhere = new(IPAddress.Any, 8080);

    [Fact]
    public void Beyond_this_machine_nobody_is_answered_without_keys()
    {
        var refused = Assert.Throws<RefusedException>(() => Read(Everywhere));
        Assert.Equal(RefusalCodes.BadOption, refused.Refusal.Code);
        Assert.Contains("--keys required", refused.Message, StringComparison.Ordinal);
        Assert.True(Read(Everywhere, ("Keys", "required")).KeysRequired);
        Assert.False(Read(Here).KeysRequired);
        Assert.False(Read(new(IPAddress.IPv6Loopback, 8080)).KeysRequired);
    }

    [Fact]
    public void The_admin_key_is_read_from_the_setting_or_a_file_and_only_its_hash_is_kept()
    {
        var secret = new string('s', 32);
        var file = Path.GetTempFileName();
        File.WriteAllText(file, secret + "\n");
        Assert.Equal(KeySecret.Hash(secret), Read(Here, ("AdminKey", secret)).AdminKeyHash);
        Assert.Equal(KeySecret.Hash(secret), Read(Here, ("AdminKeyFile", file)).AdminKeyHash);
        Assert.Throws<RefusedException>(() => Read(Here, ("AdminKeyFile", file), ("AdminKey", secret)));
        File.Delete(file);
        Assert.Throws<RefusedException>(() => Read(Here, ("AdminKeyFile", file)));
    }

    [Theory]
    [InlineData("Keys", "maybe")]
    [InlineData("AdminKey", "too-short-to-be-one")]
    public void What_is_no_setting_is_refused_and_no_secret_repeated(string name, string value)
    {
        var refused = Assert.Throws<RefusedException>(() => Read(Here, (name, value)));
        Assert.Equal(RefusalCodes.BadOption, refused.Refusal.Code);
        Assert.Equal(name == "Keys", refused.Message.Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public void Sessions_never_go_over_a_network_without_TLS()
    {
        (string, string)[] settings =
            [("Keys", "required"), ("Issuer", "https://who.example"), ("ClientId", "pages"), ("ClientSecret", "secret")];
        var refused = Assert.Throws<RefusedException>(() => Read(Everywhere, settings));
        Assert.Contains("--tls-proxy on", refused.Message, StringComparison.Ordinal);
        var behind = Read(Everywhere with { TlsProxy = true }, settings).SignIn!;
        Assert.True(behind.IsSecure);
        Assert.DoesNotContain("secret", behind.ToString(), StringComparison.Ordinal);
        Assert.False(Read(Here, settings).SignIn!.IsSecure);
    }

    [Fact]
    public void A_sign_in_needs_an_issuer_and_readable_files()
    {
        Assert.Throws<RefusedException>(() => Read(Here, ("Keys", "required"), ("ClientId", "pages")));
        (string, string)[] settings = [("Keys", "required"), ("Issuer", "https://who.example"), ("ClientId", "pages")];
        Assert.Throws<RefusedException>(() => Read(Here, [.. settings, ("ClientSecretFile", "/none/such")]));
        Assert.Throws<RefusedException>(() => Read(Here, [.. settings, ("SessionKeys", "/proc/none")]));
        Assert.Null(Read(Here, settings).SignIn!.ClientSecret);
    }

    private static AccessOptions Read(Front front, params (string Name, string Value)[] settings) => AccessOptions.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("CouponGrains:" + s.Name, (string?)s.Value)))
            .Build().GetSection("CouponGrains"), front);
}
