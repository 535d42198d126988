"use strict";
// The ticket comes after the "#", which browsers send to nobody. It is exchanged once and taken out of the address.
const mensagem = document.getElementById("mensagem");
const ticket = new URLSearchParams(location.hash.slice(1)).get("ticket") || "";
history.replaceState(null, "", location.pathname);
fetch("/sso/entrar", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ ticket }),
})
  .then((resposta) => resposta.json())
  .then((resposta) => {
    if (resposta.success) {
      location.replace("/invoice/company/" + (resposta.page === "emitir_nfe" ? "emitir" : "kanban"));
    } else {
      mensagem.textContent = resposta.message + ". Volte ao seu sistema e abra o painel de novo.";
    }
  })
  .catch(() => {
    mensagem.textContent = "O servidor não respondeu. Volte ao seu sistema e tente de novo.";
  });
