const SIGN_IN = /^\/api\/auth\/(register|login|refresh)$/;

// In the order in which somebody meets them; what is not named comes last.
const ORDER = `
  register login refresh getMe listSessions endSession logout
  uploadFile listFiles getFileMetadata getFile getFileThumbnail getFileUrl deleteFile headFile headFileThumbnail
  listModels estimateJob generateImage editImage upscaleImage generateVideo
  listJobs getJob getJobResult cancelJob getUsage
  issueStreamTicket watchJob
`.split(/\s+/).filter(Boolean);

const place = (operation) => {
  const found = ORDER.indexOf(operation.getIn(["operation", "operationId"]));
  return found < 0 ? ORDER.length : found;
};

const ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  persistAuthorization: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
  syntaxHighlight: { theme: "tomorrow-night" },
  operationsSorter: (one, other) => place(one) - place(other),
  responseInterceptor(answer) {
    // Whoever signs in here is signed in for all other routes.
    if (answer.ok && SIGN_IN.test(new URL(answer.url).pathname)) {
      const schema = ui.specSelectors.specJson().getIn(["components", "securitySchemes", "bearer"]);
      const value = JSON.parse(answer.text).access_token;
      ui.authActions.authorizeWithPersistOption({ bearer: { name: "bearer", schema, value } });
    }
    return answer;
  },
});
